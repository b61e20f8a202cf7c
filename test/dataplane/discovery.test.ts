import { describe, expect, it } from 'vitest';
import { ipv6, mac } from '../../src/address/index.ts';
import { discoveryIn, isVoid } from '../../src/dataplane/discovery.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import { NetworkState } from '../../src/dataplane/state.ts';
import {
  type Frame,
  type IpPacket,
  type Ipv6Packet,
  neighbourAdvertisement,
  neighbourSolicitation,
  recomputeChecksums,
} from '../../src/packet/index.ts';
import type { Stage } from '../../src/program/index.ts';

const OWN = ipv6(0xfd00n << 112n);
const WANTED = ipv6((0xfd00n << 112n) | 7n);
const NOBODY = ipv6(0n);
const GROUP = ipv6((0xff02n << 112n) | 1n);
const MAC = mac(0x020000000007);
const OTHER = mac(0x020000000008);

function solicited(asker: typeof OWN, wanted = WANTED): Ipv6Packet {
  const { body } = neighbourSolicitation(MAC, asker, wanted);
  if (body.kind !== 'ipv6') throw new Error('a solicitation is a packet');
  return body;
}

function judged(packet: IpPacket): boolean | null {
  const discovery = discoveryIn(packet);
  return discovery === null ? null : isVoid(discovery);
}

describe('messages of neighbour discovery', () => {
  it('[N-18] are heeded from a neighbour, and from whoever looks for a duplicate (RFC 4861 7.1.1)', () => {
    expect(judged(solicited(OWN))).toBe(false);
    expect(judged(solicited(NOBODY))).toBe(false);
  });

  it('[N-18] are void from behind a router, damaged, and about a group (RFC 4861 7.1.1)', () => {
    const honest = solicited(OWN);
    expect(judged({ ...honest, ttl: 254 })).toBe(true);
    expect(judged(solicited(OWN, GROUP))).toBe(true);
    if (honest.body.kind !== 'neighbour-discovery') throw new Error('a solicitation');
    expect(judged({ ...honest, body: { ...honest.body, checksum: honest.body.checksum ^ 1 } })).toBe(true);
  });

  it('[N-18] are void from nobody where they name a link address, or ask one machine (RFC 4861 7.1.1)', () => {
    expect(judged(recomputeChecksums({ ...solicited(OWN), source: NOBODY }))).toBe(true);
    expect(judged(recomputeChecksums({ ...solicited(NOBODY), target: WANTED }))).toBe(true);
  });
});

describe('the port of a guest', () => {
  const guard: Stage<'guard'> = {
    kind: 'guard',
    id: 0,
    from: { record: 'test', source: null },
    interface: 'eth0',
    mac: MAC,
    addresses: [OWN],
  };
  const decide = (frame: Frame) => STEPS.guard(guard, new NetworkState(), frame);
  const reasonOf = (frame: Frame) => decide(frame).reason;

  it('[I-18] lets a guest speak of itself alone in neighbour discovery', () => {
    expect(reasonOf(neighbourSolicitation(MAC, OWN, WANTED))).toBeNull();
    expect(reasonOf(neighbourSolicitation(MAC, NOBODY, OWN))).toBeNull();
    expect(reasonOf(neighbourSolicitation(MAC, WANTED, OWN))).toBe('guard.spoofed-address');
    const forged = neighbourSolicitation(OTHER, OWN, WANTED);
    expect(reasonOf({ ...forged, link: { ...forged.link, source: MAC } })).toBe('guard.spoofed-mac');
  });

  it('[I-18] lets a guest answer for its own address and no other', () => {
    const answers = (asked: typeof OWN, mac: typeof MAC): Frame => {
      const request = solicited(WANTED, asked);
      if (request.body.kind !== 'neighbour-discovery') throw new Error('a solicitation');
      const answer = neighbourAdvertisement(request, request.body, OTHER, mac, false);
      return { ...answer, link: { ...answer.link, source: MAC } };
    };
    expect(reasonOf(answers(OWN, MAC))).toBeNull();
    expect(reasonOf(answers(OWN, OTHER))).toBe('guard.spoofed-mac');
    expect(reasonOf(answers(WANTED, MAC))).toBe('guard.spoofed-address');
  });
});
