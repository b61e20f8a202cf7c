import { overlaps } from '../address/index.ts';
import type { Claim, Party } from './claims.ts';
import type { Complaint } from './diagnostics.ts';
import type { DeviceReference, StatedClaim, Traffic } from './scenario.ts';
import type { Fault } from './shape.ts';
import { quoted } from './wording.ts';

/** Claims of which one must be false, whatever the network is: the later one is complained about, and names the earlier. */
export function checkClaims(claims: readonly StatedClaim[]): readonly Fault[] {
  return claims.flatMap((later, index) => {
    const earlier = claims.slice(0, index).find((one) => areOpposite(one.claim, later.claim));
    return earlier === undefined ? [] : [faultOf(earlier, later)];
  });
}

function faultOf(earlier: StatedClaim, { where, text }: StatedClaim): Fault {
  const complaint: Complaint = {
    message: `${quoted(text)} and ${quoted(earlier.text)} (line ${earlier.source.line}) cannot both hold`,
    help: HELP[earlier.claim.kind] ?? 'take one of them out',
  };
  return { code: 'scenario/contradictory-claims', where, complaint };
}

const HELP: { readonly [K in Claim['kind']]?: string } = {
  isolated: 'take one of them out, or say of which protocol and port each speaks',
  reaches: 'take one of them out, or say of which protocol and port each speaks',
  'sees-only': 'one claim names all the sources that a machine may see',
};

function areOpposite(one: Claim, other: Claim): boolean {
  return isDenied(one, other) || isDenied(other, one) || areStrangers(one, other);
}

/** Whether the first says that nothing gets there, and the second that something does. */
function isDenied(one: Claim, other: Claim): boolean {
  if (one.kind !== 'isolated') return false;
  if (other.kind === 'reaches') {
    const ends = other.to.every((device) => holds(one.to, device)) && holds(one.from, other.from);
    return ends && (one.traffic === null || overlap(one.traffic, other.traffic));
  }
  // nothing comes at all, so there is nothing that could take another way
  if (other.kind !== 'only-via' || one.unasked || one.traffic !== null) return false;
  return holdsAll(one.from, other.from) && holdsAll(one.to, other.to);
}

/** Whether two claims leave a machine no source that it could see. */
function areStrangers(one: Claim, other: Claim): boolean {
  if (one.kind !== 'sees-only' || other.kind !== 'sees-only' || one.device.id !== other.device.id)
    return false;
  return !one.sources.some((source) => other.sources.some((block) => overlaps(source, block)));
}

function holdsAll(outer: Party, inner: Party): boolean {
  if (inner.kind === 'device') return holds(outer, inner.device);
  return outer.kind === 'customer' && outer.customer.name === inner.customer.name;
}

/** Whether a device is one of a party; all machines of a customer are. */
function holds(party: Party, { id, kind }: DeviceReference): boolean {
  if (party.kind === 'device') return party.device.id === id;
  const isMachine = kind === 'instance' || kind === 'site-machine';
  return isMachine && id.startsWith(`${party.customer.name}/`);
}

/** Any traffic is a ping where one packet must be named. */
function overlap(one: Traffic, other: Traffic): boolean {
  const protocol = other.protocol === 'any' ? 'icmp' : other.protocol;
  if (one.protocol === 'any') return true;
  if (one.protocol !== protocol) return false;
  return protocol === 'icmp' || (one.ports.first <= other.ports.last && other.ports.first <= one.ports.last);
}
