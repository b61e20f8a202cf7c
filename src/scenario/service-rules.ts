import { formatCidr } from '../address/index.ts';
import { notPublic } from '../model/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { Fault } from './shape.ts';
import { quoted, suggest } from './wording.ts';

/** Rules about how the provider looks after its HSMs. */
export const serviceRules: readonly Rule[] = [servicesAreThere, bastionsArePublic];

function servicesAreThere({ provider: { service }, internetHosts }: Draft): readonly Fault[] {
  if (service === null) return [];
  const known = internetHosts.map(({ name }) => name);
  return (['storage', 'management'] as const).flatMap((role): readonly Fault[] => {
    if (known.includes(service[role])) return [];
    const message = `no host on the Internet is called ${quoted(service[role])}`;
    const help = suggest(service[role], known, 'hosts') ?? 'declare it: internet: { hosts: … }';
    return [{ code: 'scenario/unknown-name', where: [...service.where, role], complaint: { message, help } }];
  });
}

function bastionsArePublic({ provider: { service } }: Draft): readonly Fault[] {
  const why = service === null ? null : notPublic(service.public.address);
  if (service === null || why === null) return [];
  const message = `${formatCidr(service.public)} holds no addresses on the Internet: ${why}`;
  return [{ code: 'provider/not-public', where: [...service.where, 'public'], complaint: { message } }];
}
