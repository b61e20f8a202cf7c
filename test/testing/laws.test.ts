import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import {
  loadNetwork,
  type Network,
  type Packet,
  prove,
  type Traced,
  trace,
} from '../../src/library/index.ts';
import { type Answers, LAWS, type Law, LawBroken, type Trial, trials } from '../../src/testing/index.ts';
import * as laws from '../../src/testing/laws.ts';

/** Networks for each law; `VNSIM_RUNS` asks for more. */
const NETWORKS = inject('chance').runs ?? 60;

const HONEST: Answers = { trace, prove, loadNetwork };

describe('[DC-10] in every network of the kit', () => {
  it.each(LAWS)('$name', ({ holds }) => {
    fc.assert(
      fc.property(trials(), (trial) => holds(trial)),
      { numRuns: NETWORKS },
    );
    fc.assert(
      fc.property(trials({ outside: true }), (trial) => holds(trial)),
      { numRuns: NETWORKS },
    );
  });
});

type Change = (traced: Traced, packet: Packet, network: Network) => Partial<Traced>;

/** A simulator that does everything right but this. */
function tracing(change: Change): Answers {
  return {
    ...HONEST,
    trace(network, packet) {
      const traced = trace(network, packet);
      return Object.defineProperties(
        { ...traced, ...change(traced, packet, network) },
        {
          text: { value: traced.text },
        },
      ) as Traced;
    },
  };
}

let asked = 0;

/** What somebody could have got wrong, and the law that must not let it pass. */
const FAULTS: readonly (readonly [fault: string, answers: Answers, caughtBy: Law])[] = [
  [
    'a packet gets lost',
    tracing(({ request }) => ({
      request: { ...request, end: { ...request.end, outcome: 'lost', reason: null } },
    })),
    laws.everyPacketEnds,
  ],
  [
    'a drop gives a reason that nobody knows',
    tracing(({ request }) =>
      request.end.outcome === 'dropped'
        ? { request: { ...request, end: { ...request.end, reason: null } } }
        : {},
    ),
    laws.everyPacketEnds,
  ],
  [
    'the answer keeps the address of the module',
    tracing(({ reply }) => {
      const last = reply?.hops.at(-1);
      if (reply === null || last?.in.ipv4 === undefined) return {};
      const wrong = { ...last, in: { ...last.in, ipv4: { ...last.in.ipv4, source: '10.10.0.3' } } };
      return { reply: { ...reply, hops: [...reply.hops.slice(0, -1), wrong] } };
    }),
    laws.answeredByWhoWasAsked,
  ],
  [
    'a device takes two off the TTL',
    tracing(({ request }) => ({
      request: {
        ...request,
        hops: request.hops.map((hop) => {
          const ip = hop.out?.ipv4;
          return hop.out === null || ip === undefined
            ? hop
            : { ...hop, out: { ...hop.out, ipv4: { ...ip, ttl: ip.ttl - 2 } } };
        }),
      },
    })),
    laws.oneHopEach,
  ],
  [
    'a run depends on what was asked before',
    tracing(({ request }) => {
      asked += 1;
      return { request: { ...request, path: [...request.path, String(asked)] } };
    }),
    laws.sameAgain,
  ],
  [
    'the prover proves whatever it is asked',
    {
      ...HONEST,
      prove: (network, ...claims) => {
        const proofs = prove(network, ...claims);
        return {
          ...proofs,
          claims: proofs.claims.map((claim) => ({ ...claim, verdict: 'proved' })),
        } as never;
      },
    },
    laws.proofsAgree,
  ],
  [
    'the prover takes a claim about customers for one about everybody',
    {
      ...HONEST,
      prove: (network, ...claims) => {
        const { machines } = network;
        const everybody = machines.flatMap((one) =>
          machines.flatMap((other) => (one === other ? [] : [`nothing from ${one} reaches ${other}`])),
        );
        return prove(network, ...claims.flatMap(() => everybody));
      },
    },
    laws.customersAreApart,
  ],
  [
    'an address is misprinted',
    {
      ...HONEST,
      loadNetwork: (source, options) => loadNetwork(String(source).replace(/\.7, /g, '.77, '), options),
    },
    laws.textReadsBack,
  ],
];

/** Networks that a law may look at before it must have noticed. */
const PATIENCE = 300;

describe('[DC-10] a planted fault is caught by the law against it', () => {
  it.each(FAULTS)('%s', (_, answers, { holds }) => {
    const property = fc.property(trials(), (trial: Trial) => holds(trial, answers));
    const { errorInstance } = fc.check(property, { numRuns: PATIENCE, endOnFailure: true });
    expect(errorInstance).toBeInstanceOf(LawBroken);
  });

  it('and there is one for every law', () => {
    const caught = new Set(FAULTS.map(([, , law]) => law));
    expect(LAWS.filter((law) => !caught.has(law))).toEqual([]);
  });
});
