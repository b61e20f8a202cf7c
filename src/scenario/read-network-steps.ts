import { type Cidr, parseCidr, parseIp } from '../address/index.ts';
import { fromAddress } from './misreading.ts';
import { sure } from './reading.ts';
import type { NetworkStep } from './scenario.ts';
import type { StepText } from './scenario-text.ts';
import type { Stepped } from './steps.ts';

/** A step about where networks lead, or `null` where it is another sort of step. Names are looked at by the rules. */
export function readNetworkStep(frame: Stepped, text: StepText): NetworkStep | null {
  const add = text['add-route'];
  if (add !== undefined) {
    const { customer, subnet, to, via } = add;
    return { kind: 'add-route', ...frame, customer, subnet, to: blockOf(to), via: via ?? null };
  }
  const remove = text['remove-route'];
  if (remove !== undefined) {
    const { customer, subnet, to } = remove;
    return { kind: 'remove-route', ...frame, customer, subnet, to: blockOf(to) };
  }
  for (const kind of ['attach-gateway', 'detach-gateway'] as const) {
    const named = text[kind];
    if (named !== undefined) return { kind, ...frame, customer: named.customer, gateway: named.gateway };
  }
  if (text.peer !== undefined) {
    const { customer, with: other, name } = text.peer;
    return { kind: 'peer', ...frame, customer, with: other, peering: name ?? `${customer}-${other}` };
  }
  const accept = text['accept-peering'];
  if (accept !== undefined) {
    return { kind: 'accept-peering', ...frame, customer: accept.customer, peering: accept.peering };
  }
  const open = text['open-channel'];
  if (open === undefined) return null;
  const { customer, kind: channel, public: published, propagate: propagates = true } = open;
  const address = published === undefined ? null : sure(fromAddress(parseIp(published)));
  return { kind: 'open-channel', ...frame, customer, channel, public: address, propagates };
}

function blockOf(text: string): Cidr {
  return sure(fromAddress(parseCidr(text)));
}
