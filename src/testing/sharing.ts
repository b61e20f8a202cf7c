import type { ScenarioText } from '../scenario/index.ts';
import { within } from './hsm-requests.ts';

/** Every tenant but the first uses the first tenant's module too, where that one is in the rack (I-04). */
export interface SharingPlan {
  /** names of those that may not any more */
  readonly revoked: readonly string[];
}

type Steps = NonNullable<ScenarioText['steps']>;

/** The module that is shared; `null`: none can be. */
export function sharedModule(text: ScenarioText): string | null {
  const [host] = Object.keys(text.customers ?? {});
  const request = text.steps?.find((step) => step['request-hsm']?.customer === host)?.['request-hsm'];
  return request === undefined || request.attachment === 'direct' ? null : (request.hsm ?? null);
}

/** The same network with leave given, used, and taken back again. */
export function withSharing(text: ScenarioText, plan: SharingPlan | undefined): ScenarioText {
  const [host, ...guests] = Object.keys(text.customers ?? {});
  const hsm = sharedModule(text);
  if (plan === undefined || host === undefined || hsm === null) return text;
  const given = guests.flatMap((guest): Steps => {
    const [subnet, { cidr } = { cidr: '' }] =
      Object.entries(text.customers?.[guest]?.vn.subnets ?? {})[0] ?? [];
    if (subnet === undefined) return [];
    const address = within(cidr, 221);
    const share = { customer: host, hsm, with: guest };
    return [
      { 'share-hsm': share },
      { 'request-hsm': { customer: guest, subnet, address, hsm } },
      ...(plan.revoked.includes(guest) ? [{ 'unshare-hsm': share }] : []),
    ];
  });
  return { ...text, steps: [...(text.steps ?? []), ...given] };
}
