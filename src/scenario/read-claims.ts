import { parseClaim } from './claim-forms.ts';
import type { Claim, ClaimText, Party } from './claims.ts';
import { AT_THE_END } from './directory.ts';
import { readParty } from './read-party.ts';
import { deviceNamed, fault, type Reading, sure } from './reading.ts';
import type { Customer, DeviceKind, DeviceReference, Path, StatedClaim } from './scenario.ts';
import { nearest, quoted } from './wording.ts';

/** What sends and hears packets of its own. */
const MACHINES = ['instance', 'hsm', 'internet-host', 'site-machine'] as const;

/** Claims hold after the last step, so they may name whatever exists then. */
export function readClaims(reading: Reading, texts: readonly string[]): readonly StatedClaim[] {
  const claims: StatedClaim[] = [];
  texts.forEach((text, index) => {
    const where: Path = ['prove', index];
    const claim = readClaim(reading, text, where);
    if (claim !== null) claims.push({ ...reading.said(where), text, claim });
  });
  return claims;
}

function readClaim(reading: Reading, text: string, where: Path): Claim | null {
  const stated = sure(parseClaim(text));
  const device = (name: string, kinds: readonly DeviceKind[] | null = MACHINES): DeviceReference | null =>
    deviceNamed(reading, name, where, AT_THE_END, kinds);
  const party = (name: string): Party | null => readParty(reading, name, where, AT_THE_END);
  switch (stated.kind) {
    case 'isolated': {
      const [from, to] = [party(stated.from), party(stated.to)];
      return from === null || to === null ? null : { ...stated, from, to };
    }
    case 'sees-only': {
      const observer = device(stated.device);
      return observer === null ? null : { ...stated, device: observer };
    }
    case 'reaches': {
      const from = device(stated.from);
      const to = stated.to.flatMap((name) => device(name) ?? []);
      return from === null || to.length < stated.to.length ? null : { ...stated, from, to };
    }
    case 'only-via': {
      const [from, to, via] = [party(stated.from), party(stated.to), device(stated.via, null)];
      return from === null || to === null || via === null ? null : { ...stated, from, to, via };
    }
    case 'answered':
      return answered(reading, stated, device(stated.from), where);
    case 'equal': {
      if (stated.between === null) return { ...stated, between: null };
      const [from, to] = [party(stated.between.from), party(stated.between.to)];
      return from === null || to === null ? null : { ...stated, between: { from, to } };
    }
    case 'no-loop':
    case 'no-silent-loss':
      return stated;
    case 'hidden': {
      const customer = customerNamed(reading, stated.customer, where);
      const beyond = device(stated.beyond, ['nat-instance']);
      return customer === null || beyond === null ? null : { ...stated, customer, beyond };
    }
  }
}

/** A request has a protocol, and the Internet as a whole asks nothing. */
function answered(
  reading: Reading,
  stated: Extract<ClaimText, { kind: 'answered' }>,
  from: DeviceReference | null,
  where: Path,
): Claim | null {
  if (stated.traffic.protocol === 'any') {
    return fault(reading, 'scenario/bad-claim', where, {
      message: 'a request is tcp, udp or icmp',
      help: 'for instance: every request from A to ADDRESS tcp/1792 is answered',
    });
  }
  return from === null ? null : { ...stated, from };
}

function customerNamed(reading: Reading, name: string, where: Path): Customer | null {
  const { customers } = reading.directory;
  if (!customers.includes(name)) {
    const guess = nearest(name, customers);
    return fault(reading, 'scenario/unknown-name', where, {
      message: `no customer is called ${quoted(name)}`,
      help: guess === null ? null : `did you mean ${quoted(guess)}?`,
    });
  }
  return reading.customers.find((customer) => customer.name === name) ?? null;
}
