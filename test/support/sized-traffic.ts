import fc from 'fast-check';
import { ipv4, port } from '../../src/address/index.ts';
import { MICROSECOND, nanos, present } from '../../src/base/index.ts';
import type { Journey, JourneyId } from '../../src/dataplane/index.ts';
import type { Cutting } from '../../src/host/index.ts';
import { type IpPacket, packetLength, piecesOf, type Stretch } from '../../src/packet/index.ts';
import { anyTime, pick } from './forgeries.ts';
import { anyNetwork, buildNetwork, type Edge, type Making, type Service } from './networks.ts';
import type { Run, Trial } from './traffic.ts';

/*
 * Datagrams of every length, whole and in pieces, through links of which some carry little. Clients send them to their HSMs, from
 * a port of their own each, so that a journey can be told from every other.
 */

export interface Sized {
  readonly client: number;
  readonly service: number;
  /** bytes of the packet */
  readonly size: number;
  readonly cutting: Cutting;
  readonly pieces: Pieces;
  /** microseconds after the start */
  readonly at: number;
}

export type Pieces =
  | { readonly kind: 'whole' }
  /** cut at these eighths of the data, and sent in the order of `turn`, one of them twice */
  | { readonly kind: 'cut'; readonly at: readonly number[]; readonly turn: readonly number[] }
  /** the second one begins eight bytes before the first one ends */
  | { readonly kind: 'overlapping'; readonly at: number; readonly laterFirst: boolean };

/** Links on which a router, a tunnel end or a machine can do something about a length. */
const LINKS = ['overlay-240--dx-router', 'dx-router--tor', 'server-a--fabric'] as const;
const MTUS = [68, 76, 296, 576, 1400, 1500] as const;

const anyMtus: fc.Arbitrary<Readonly<Record<string, number>>> = fc
  .tuple(...LINKS.map(() => fc.option(fc.constantFrom(...MTUS), { freq: 2 })))
  .map((chosen) =>
    Object.fromEntries(
      chosen.flatMap((mtu, index) => {
        const link = LINKS[index] ?? '';
        // beside the wrapper
        return mtu === null ? [] : [[link, link.endsWith('fabric') ? mtu + 50 : mtu]];
      }),
    ),
  );

const anyPieces: fc.Arbitrary<Pieces> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'whole' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('cut' as const),
      at: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 }),
      turn: fc.array(fc.nat(3), { minLength: 4, maxLength: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('overlapping' as const),
      at: fc.integer({ min: 2, max: 6 }),
      laterFirst: fc.boolean(),
    }),
  },
);

const anySized: fc.Arbitrary<Sized> = fc.record({
  client: fc.nat(5),
  service: fc.nat(3),
  size: fc.constantFrom(28, 60, 68, 69, 100, 300, 576, 577, 1400, 1401, 1500, 1501, 4000),
  cutting: fc.constantFrom('path', 'path', 'allowed', 'never'),
  pieces: anyPieces,
  at: anyTime,
});

export const sizedTrial: fc.Arbitrary<Trial> = fc.record({
  // without ACLs, which see no ports in a piece: a proof says that it takes them to pass (`prove` prints it)
  network: fc.tuple(anyNetwork, anyMtus).map(([network, mtus]) => ({
    ...network,
    mtus,
    tenants: network.tenants.map((tenant) => ({ ...tenant, guards: [] })),
  })),
  calls: fc.constant([]),
  forgeries: fc.constant([]),
  sized: fc.array(anySized, { minLength: 1, maxLength: 6 }),
});

/** One datagram, and what became of it. */
export interface Posted {
  readonly sized: Sized;
  readonly client: Edge;
  readonly service: Service;
  readonly bytes: Uint8Array;
  /** `null`: its sender knew that it would not fit */
  readonly journey: Journey | null;
}

export interface SizedRun extends Run {
  readonly posted: readonly Posted[];
}

export function playSized(trial: Trial, making: Making = {}): SizedRun {
  const network = buildNetwork(trial.network, making);
  const { engine, trace, machines } = network.world;
  const placed: (Omit<Posted, 'journey'> & { readonly first: JourneyId; readonly sent: boolean })[] = [];
  const deeds = [...(trial.sized ?? [])].sort((one, other) => one.at - other.at);
  deeds.forEach((sized, index) => {
    engine.run(nanos(Math.max(engine.now, sized.at * MICROSECOND)));
    const client = pick(
      network.edges.filter(({ role }) => role === 'instance'),
      sized.client,
    );
    const own = network.services.filter(({ tenant }) => tenant === client.tenant);
    if (own.length === 0) return;
    const service = pick(own, sized.service);
    const bytes = Uint8Array.from({ length: sized.size - 28 }, (_, at) => (index * 31 + at) % 251);
    const first = trace.count as JourneyId;
    const { stack } = present(machines.get(client.id), `${client.id} runs`);
    const cut = cutOf(sized);
    const sent = stack.sendUdp(
      {
        target: ipv4(service.outer),
        targetPort: port(1792),
        sourcePort: port(30_000 + index),
        bytes,
        cutting: sized.cutting,
        ...(cut === null ? {} : { pieces: cut }),
      },
      engine.now,
    );
    placed.push({ sized, client, service, bytes, first, sent: sent.ok });
  });
  engine.run();
  const posted = placed.map(({ first, sent, ...rest }) => ({
    ...rest,
    journey: sent ? trace.journey(first) : null,
  }));
  return { network, journeys: trace.journeys(), called: [], posted };
}

/** Where a datagram of this length can be cut as the plan says; `null` where it is too short for that. */
function cutOf({ pieces, size }: Sized): ((whole: IpPacket) => readonly IpPacket[]) | null {
  const data = size - 20;
  const eighth = (part: number) => Math.floor((data * part) / 64) * 8;
  switch (pieces.kind) {
    case 'whole':
      return null;
    case 'overlapping': {
      const at = eighth(pieces.at);
      if (at < 16 || at >= data) return null;
      const stretches: readonly Stretch[] = [
        { first: 0, last: at - 1 },
        { first: at - 8, last: data - 1 },
      ];
      return (whole) => piecesOf(whole, pieces.laterFirst ? [...stretches].reverse() : stretches);
    }
    case 'cut': {
      const cuts = [...new Set([0, ...[...pieces.at].sort((one, other) => one - other).map(eighth), data])];
      const stretches = cuts.slice(1).map((end, index) => ({ first: cuts[index] ?? 0, last: end - 1 }));
      if (stretches.length < 2) return null;
      // every piece once, in the order of the plan, and one of them a second time
      const wanted = pieces.turn.map((one) => one % stretches.length);
      const order = [...new Set([...wanted, ...stretches.keys()])];
      const [again = 0, where = 0] = pieces.turn;
      const turn = [...order];
      turn.splice(where, 0, again % stretches.length);
      return (whole) =>
        piecesOf(
          whole,
          turn.flatMap((one) => stretches[one] ?? []),
        );
    }
  }
}

/** Whether a piece that a client itself has made is longer than its link carries. */
export function isTooLongToLeave({ sized, journey }: Posted): boolean {
  if (cutOf(sized) === null || journey?.frame.body.kind !== 'ipv4') return false;
  const pieces = cutOf(sized)?.(journey.frame.body) ?? [];
  return pieces.some((piece) => packetLength(piece) > 1500);
}

/** Whether two pieces of it claim the same bytes. */
export function overlaps({ sized }: Posted): boolean {
  return sized.pieces.kind === 'overlapping' && cutOf(sized) !== null;
}
