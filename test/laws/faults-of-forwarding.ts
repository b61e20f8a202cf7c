import { type Ipv4, port } from '../../src/address/index.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import { drop, outcome } from '../../src/dataplane/outcome.ts';
import { arpReply, type Link, recomputeChecksums } from '../../src/packet/index.ts';
import {
  type BridgePort,
  type Mapping,
  NOWHERE,
  type PlaceId,
  type Segment,
} from '../../src/program/index.ts';
import { changed, type Fault, ipv4Of, LETS_PASS, withSteps } from './fault.ts';
import * as forwarding from './laws-of-forwarding.ts';
import * as isolation from './laws-of-isolation.ts';
import * as proofs from './laws-of-proofs.ts';
import * as translation from './laws-of-translation.ts';

/* What can go wrong on the way of a frame. */

const checksumsStay = withSteps(
  'a rewritten address leaves the checksums as they were',
  {
    translate(stage, seen, frame) {
      const before = ipv4Of(frame);
      return changed(STEPS.translate(stage, seen, frame), ({ link, body }) =>
        body.kind === 'ipv4' && before !== null
          ? { link, body: { ...body, checksum: before.checksum } }
          : { link, body },
      );
    },
  },
  forwarding.rightChecksums,
);

const portChecksumsStay = withSteps(
  'a rewritten port leaves the TCP checksum as it was',
  {
    translate(stage, seen, frame) {
      const before = ipv4Of(frame)?.body;
      return changed(STEPS.translate(stage, seen, frame), ({ link, body }) =>
        body.kind === 'ipv4' && body.body.kind === 'tcp' && before?.kind === 'tcp'
          ? { link, body: { ...body, body: { ...body.body, checksum: before.checksum } } }
          : { link, body },
      );
    },
  },
  forwarding.rightChecksums,
  translation.roundTrip,
);

const ttlStays = withSteps(
  'a router does not take one off the TTL',
  {
    route: (...given) => changed(STEPS.route(...given), () => given[2]),
  },
  forwarding.oneHopEach,
);

const ttlFallsTwice = withSteps(
  'the virtual switch takes one off the TTL',
  {
    locate(stage, seen, frame) {
      const right = STEPS.locate(stage, seen, frame);
      const packet = ipv4Of(right.frame ?? frame);
      if (right.verdict !== 'forward' || packet === null) return right;
      const body = recomputeChecksums({ ...packet, ttl: packet.ttl - 1 });
      return { ...right, frame: { link: (right.frame ?? frame).link, body } };
    },
  },
  forwarding.oneHopEach,
);

const segmentIgnored = withSteps(
  'the segment id is ignored when a frame is unwrapped',
  {
    unwrap(stage, seen, frame) {
      const all: Segment[] = [...stage.segments.values()];
      const ports = new Map(all.flatMap((segment) => [...segment.ports]));
      const peers = new Map(all.flatMap((segment) => [...segment.peers]));
      const merged = { vn: 'any', ports, peers };
      const segments = new Map([...stage.segments.keys()].map((segment) => [segment, merged] as const));
      return STEPS.unwrap({ ...stage, segments }, seen, frame);
    },
  },
  isolation.nothingCrosses,
  forwarding.unwrapsToTheSame,
  isolation.noInterference,
);

const peersIgnored = withSteps(
  'a tunnel end opens wrappers from anybody',
  {
    unwrap(stage, seen, frame) {
      const from = ipv4Of(frame)?.source;
      const segments = new Map(
        [...stage.segments].map(([id, segment]) => {
          const peers = new Map(segment.peers);
          if (from !== undefined) peers.set(from, 'anybody');
          return [id, { ...segment, peers }] as const;
        }),
      );
      return STEPS.unwrap({ ...stage, segments }, seen, frame);
    },
  },
  isolation.noForgedWrapper,
);

const innerChanged = withSteps(
  'wrapping writes into the frame that it wraps',
  {
    wrap(stage, seen, frame) {
      const marked = { link: { ...frame.link, source: stage.link.source }, body: frame.body };
      return STEPS.wrap(stage, seen, marked);
    },
  },
  forwarding.unwrapsToTheSame,
);

/** What the overlay device calls itself towards the DX router. */
const OVERLAY_DX_MAC = 0x02fffe000011;

const shortCut = withSteps(
  'answers take a short cut past the DX router',
  () => {
    const known = new Map<number, { readonly to: PlaceId; readonly link: Link }>();
    return {
      vlan(stage, seen, frame) {
        const right = STEPS.vlan(stage, seen, frame);
        const { link } = frame;
        if (link.target === OVERLAY_DX_MAC && link.vlan !== null)
          known.set(link.vlan.id, { to: right.to, link });
        return right;
      },
      switch(stage, seen, frame) {
        const right = STEPS.switch(stage, seen, frame);
        const way = stage.mode.kind === 'access' ? known.get(stage.mode.vlan) : undefined;
        if (way === undefined || right.verdict !== 'forward' || frame.body.kind !== 'ipv4') return right;
        return outcome('forward', { link: way.link, body: frame.body }, way.to, -1);
      },
    };
  },
  translation.reversedPath,
);

const marksChanged = withSteps(
  'a NAT instance writes into what it only has to carry',
  {
    translate(stage, seen, frame) {
      return changed(STEPS.translate(stage, seen, frame), ({ link, body }) =>
        body.kind === 'ipv4'
          ? { link, body: recomputeChecksums({ ...body, kept: { ...body.kept, dscp: 0, ecn: 1 } }) }
          : { link, body },
      );
    },
  },
  forwarding.nothingElseChanges,
);

const vlanIgnored = withSteps(
  'the top-of-rack switch ignores VLANs',
  {
    switch(stage, seen, frame) {
      if (stage.fixed !== null) return STEPS.switch(stage, seen, frame);
      const right = STEPS.switch(stage, seen, frame);
      if (right.verdict !== 'flood') return right;
      const everybody = [...stage.members.values()].flat();
      const others = everybody.filter(({ name }: BridgePort) => name !== stage.port);
      return { ...right, copies: [...new Set(others.map(({ to }) => to))] };
    },
    tag: (stage, seen, frame) =>
      stage.mode.kind === 'access'
        ? outcome('continue', { link: { ...frame.link, vlan: null }, body: frame.body }, NOWHERE, -1)
        : STEPS.tag(stage, seen, frame),
  },
  isolation.nothingCrosses,
  isolation.noInterference,
);

const guardSkipped = withSteps(
  'a virtual port lets a guest send as anybody',
  { guard: () => LETS_PASS },
  isolation.ownSource,
  proofs.setsContain,
);

const firewallSkipped = withSteps(
  'the firewall lets everything pass',
  { filter: () => LETS_PASS },
  translation.firewallHolds,
  translation.roundTrip,
  proofs.setsContain,
);

const mappingOfAll = withSteps(
  'the mapping service looks an address up in every network',
  () => {
    const known = new Map<number, Mapping>();
    return {
      locate(stage, seen, frame) {
        for (const [address, mapping] of stage.mappings)
          if (!known.has(address as Ipv4)) known.set(address as Ipv4, mapping);
        const right = STEPS.locate(stage, seen, frame);
        const target = ipv4Of(frame)?.target;
        const found = target === undefined ? undefined : known.get(target);
        if (right.verdict !== 'forward' || found === undefined) return right;
        return outcome('forward', { link: found.routed, body: frame.body }, found.to, 0);
      },
    };
  },
  isolation.nothingCrosses,
  isolation.noInterference,
);

const arpOfAll = withSteps(
  'ARP is answered with owners in other networks',
  () => {
    const known = new Map<number, Mapping>();
    return {
      locate(stage, seen, frame) {
        for (const [address, mapping] of stage.mappings) known.set(address as Ipv4, mapping);
        const right = STEPS.locate(stage, seen, frame);
        const { effect } = right;
        if (frame.body.kind !== 'arp' || effect?.kind !== 'originated') return right;
        const owner = known.get(frame.body.targetAddress);
        if (owner === undefined) return right;
        return { ...right, effect: { ...effect, frame: arpReply(frame.body, owner.mac) } };
      },
    };
  },
  isolation.arpOfOneNetwork,
);

const moods = withSteps(
  'a firewall remembers what it decided last',
  () => {
    let count = 0;
    return {
      filter(stage, seen, frame) {
        count += 1;
        const right = STEPS.filter(stage, seen, frame);
        return count % 2 === 0 ? drop('firewall.deny') : right;
      },
    };
  },
  forwarding.pureStages,
);

let wraps = 0;

const luck = withSteps(
  'wrappers take their source port from something that is no part of the run',
  {
    wrap(stage, seen, frame) {
      wraps += 1;
      return changed(STEPS.wrap(stage, seen, frame), ({ link, body }) =>
        body.kind === 'ipv4' && body.body.kind === 'udp'
          ? { link, body: { ...body, body: { ...body.body, source: port(49_152 + (wraps % 1_009)) } } }
          : { link, body },
      );
    },
  },
  forwarding.sameBytes,
);

const lost = withSteps(
  'a bridge loses what it should flood, and says nothing',
  {
    switch(...given) {
      const right = STEPS.switch(...given);
      const [first] = right.copies ?? [];
      return first === undefined ? right : { ...right, verdict: 'drop', reason: null };
    },
  },
  forwarding.conservation,
);

export const FAULTS_OF_FORWARDING: readonly Fault[] = [
  checksumsStay,
  portChecksumsStay,
  ttlStays,
  ttlFallsTwice,
  segmentIgnored,
  peersIgnored,
  innerChanged,
  shortCut,
  marksChanged,
  vlanIgnored,
  guardSkipped,
  firewallSkipped,
  mappingOfAll,
  arpOfAll,
  moods,
  luck,
  lost,
];
