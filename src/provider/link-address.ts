import { type Mac, mac } from '../address/index.ts';

/** Locally administered link addresses (RFC 9542), counted up: equal models give equal addresses. */
export function nextMac(draft: { counters: { mac: number } }): Mac {
  const count = draft.counters.mac;
  draft.counters.mac = count + 1;
  return mac(0x020000000000 + count);
}
