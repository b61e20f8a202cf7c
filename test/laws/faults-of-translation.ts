import type { Ipv4 } from '../../src/address/index.ts';
import {
  type ConnectionView,
  ORIGINAL,
  REPLY,
  type Slot,
  STEPS,
  type Steps,
} from '../../src/dataplane/index.ts';
import { outcome } from '../../src/dataplane/outcome.ts';
import { recomputeChecksums } from '../../src/packet/index.ts';
import { NOWHERE } from '../../src/program/index.ts';
import { changed, type Fault, ipv4Of, LETS_PASS, seenAs, withSteps } from './fault.ts';
import * as proofs from './laws-of-proofs.ts';
import * as translation from './laws-of-translation.ts';

/* What can go wrong where addresses are rewritten. */

const sourceKept: Steps['translate'] = (stage, ...rest) =>
  STEPS.translate({ ...stage, sourceRewrite: false }, ...rest);

const sourceRewriteOff = withSteps(
  'the source is not rewritten',
  { translate: sourceKept },
  translation.noCustomerAddress,
  translation.roundTrip,
);

const replyNotUndone = withSteps(
  'an answer is let in as it came',
  {
    translate(stage, seen, frame) {
      const right = STEPS.translate(stage, seen, frame);
      return stage.direction === 'inward' ? changed(right, () => frame) : right;
    },
  },
  translation.noProviderAddress,
  translation.roundTrip,
);

const portOutOfTheKey = withSteps(
  'the client’s port is left out of the key of a flow',
  {
    translate(stage, seen, frame) {
      const blind = seenAs(seen, (view) => ({
        findOriginal: (protocol, source, _port, target, targetPort, at) =>
          find(view, ORIGINAL, at, [protocol, Number(source), Number(target), targetPort]),
      }));
      return STEPS.translate(stage, blind, frame);
    },
  },
  translation.neverAlike,
  translation.roundTrip,
);

/** A connection without regard to the port of whoever sends. */
function find(
  view: ConnectionView,
  direction: typeof ORIGINAL,
  now: Parameters<ConnectionView['slots']>[0],
  key: readonly number[],
): Slot {
  for (const slot of view.slots(now)) {
    const { protocol, source, target, targetPort } = view.flowOf(slot, direction);
    if ([protocol, Number(source), Number(target), targetPort].join() === key.join()) return slot;
  }
  return -1;
}

const answersByAddress = withSteps(
  'an answer goes to whoever has called the HSM, whatever its port',
  {
    translate(stage, seen, frame) {
      const blind = seenAs(seen, (view) => ({
        findReply: (protocol, source, _sourcePort, target, _port, at) => {
          for (const slot of view.slots(at)) {
            const flow = view.flowOf(slot, REPLY);
            if ([flow.protocol, flow.source, flow.target].join() === [protocol, source, target].join())
              return slot;
          }
          return -1;
        },
      }));
      return STEPS.translate(stage, blind, frame);
    },
  },
  translation.ownAnswers,
  translation.roundTrip,
);

const portsShared = withSteps(
  'the port that was chosen for a client is not written into its packets',
  {
    translate(stage, seen, frame) {
      const right = STEPS.translate(stage, seen, frame);
      const before = ipv4Of(frame)?.body;
      if (stage.direction === 'inward' || before?.kind !== 'tcp') return right;
      return changed(right, ({ link, body }) =>
        body.kind === 'ipv4' && body.body.kind === 'tcp'
          ? { link, body: recomputeChecksums({ ...body, body: { ...body.body, source: before.source } }) }
          : { link, body },
      );
    },
  },
  translation.neverAlike,
  translation.roundTrip,
);

const nothingAsked = withSteps(
  'what answers nothing is let in to whoever called last',
  {
    translate(stage, seen, frame) {
      const right = STEPS.translate(stage, seen, frame);
      const packet = ipv4Of(frame);
      if (stage.direction === 'outward' || right.verdict !== 'drop' || packet === null) return right;
      const view = seen.connections(stage.table);
      const last = [...view.slots(seen.now)].at(-1);
      if (last === undefined) return right;
      const body = recomputeChecksums({
        ...packet,
        source: stage.outer as Ipv4,
        target: view.sourceOf(last, ORIGINAL) as Ipv4,
      });
      return outcome('continue', { link: frame.link, body }, NOWHERE, -1);
    },
  },
  translation.nothingUnsolicited,
  proofs.setsContain,
);

const forwardsAll = withSteps(
  'a NAT instance forwards what it does not translate',
  {
    translate(stage, seen, frame) {
      const right = STEPS.translate(stage, seen, frame);
      return right.verdict === 'drop' && stage.direction === 'outward' ? LETS_PASS : right;
    },
  },
  translation.noCustomerAddress,
);

const unguarded = withSteps(
  'neither is the source rewritten nor does anybody mind',
  { guard: () => LETS_PASS, translate: sourceKept },
  translation.oneSource,
  translation.noCustomerAddress,
  proofs.setsContain,
);

const anyTarget = withSteps(
  'a NAT instance takes any target for its own',
  {
    translate(stage, seen, frame) {
      const target = ipv4Of(frame)?.target;
      const outer = stage.direction === 'outward' && target !== undefined ? target : stage.outer;
      return STEPS.translate({ ...stage, outer }, seen, frame);
    },
  },
  translation.onlyTheMapping,
);

const neverFound = withSteps(
  'a NAT instance opens a connection for every datagram',
  {
    translate(stage, seen, frame) {
      if (ipv4Of(frame)?.body.kind !== 'udp') return STEPS.translate(stage, seen, frame);
      return STEPS.translate(
        stage,
        seenAs(seen, () => ({ findOriginal: () => -1 })),
        frame,
      );
    },
  },
  translation.bijection,
);

export const FAULTS_OF_TRANSLATION: readonly Fault[] = [
  sourceRewriteOff,
  replyNotUndone,
  portOutOfTheKey,
  answersByAddress,
  portsShared,
  nothingAsked,
  forwardsAll,
  unguarded,
  anyTarget,
  neverFound,
];
