import { isComplete } from '../../src/dataplane/gathering.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import { outcome } from '../../src/dataplane/outcome.ts';
import { fragment, isFragment, packetLength, recomputeChecksums } from '../../src/packet/index.ts';
import { NOWHERE } from '../../src/program/index.ts';
import { type Fault, ipv4Of, LETS_PASS, withSteps } from './fault.ts';
import * as sizes from './laws-of-sizes.ts';

/* What can go wrong with lengths. */

const noWireLooks = withSteps(
  'no wire looks at a length, and no router',
  {
    fit: () => LETS_PASS,
    transmit: (stage, seen, frame) => STEPS.transmit({ ...stage, mtu: 65_535 }, seen, frame),
  },
  sizes.nothingLonger,
);

const cutsAnything = withSteps(
  'a router cuts what must not be cut',
  {
    fit(stage, seen, frame) {
      const packet = ipv4Of(frame);
      const right = STEPS.fit(stage, seen, frame);
      if (packet === null || right.reason !== 'mtu.exceeded') return right;
      const free = { ...packet, kept: { ...packet.kept, dontFragment: false } };
      const pieces = fragment(free, stage.mtu).map((body) => ({ link: frame.link, body }));
      return { ...outcome('split', null, NOWHERE, -1), pieces };
    },
  },
  sizes.piecesAreTheWhole,
);

const loseTheRest = withSteps(
  'a router sends the first piece alone',
  {
    fit(stage, seen, frame) {
      const right = STEPS.fit(stage, seen, frame);
      return right.pieces === null ? right : { ...right, pieces: right.pieces.slice(0, 1) };
    },
  },
  sizes.whatMayBeCutArrives,
  sizes.piecesAreTheWhole,
);

const firstCome = withSteps(
  'pieces that overlap are taken for duplicates',
  {
    gather(stage, seen, frame) {
      const right = STEPS.gather(stage, seen, frame);
      if (right.reason !== 'fragment.overlap' || right.effect === null) return right;
      const piece = ipv4Of(frame);
      if (piece === null || piece.body.kind !== 'opaque-body') return right;
      const { fragmentOffset } = piece.kept;
      // what lies in front of the new data is thrown away, as old receivers did
      const payload = piece.body.payload.slice(fragmentOffset === 0 ? 0 : 8);
      const at = fragmentOffset === 0 ? 0 : fragmentOffset + 8;
      const trimmed =
        fragmentOffset === 0
          ? { ...piece.body, payload: payload.slice(0, payload.length - 8) }
          : { ...piece.body, payload };
      const kept = { ...piece.kept, fragmentOffset: at };
      return STEPS.gather(stage, seen, { link: frame.link, body: { ...piece, kept, body: trimmed } });
    },
  },
  sizes.wholeOrNothing,
);

const impatient = withSteps(
  'whoever puts pieces together lets them pass one by one',
  { gather: () => LETS_PASS },
  sizes.whatMayBeCutArrives,
);

const gaps = withSteps(
  'a datagram is complete when its last piece is there',
  {
    gather(stage, seen, frame) {
      const right = STEPS.gather(stage, seen, frame);
      if (right.effect?.kind !== 'piece-held' || isComplete(right.effect.pieces)) return right;
      const last = right.effect.pieces.at(-1);
      return last !== undefined && !last.kept.moreFragments && isFragment(last) ? LETS_PASS : right;
    },
  },
  sizes.whatMayBeCutArrives,
);

const wrongLength = withSteps(
  'a router names the length that did not fit',
  {
    fit(stage, seen, frame) {
      const right = STEPS.fit(stage, seen, frame);
      const { effect } = right;
      const error = effect?.kind === 'originated' ? ipv4Of(effect.frame) : null;
      const packet = ipv4Of(frame);
      if (effect?.kind !== 'originated' || error?.body.kind !== 'icmp-error' || packet === null) return right;
      const body = recomputeChecksums({ ...error, body: { ...error.body, parameter: packetLength(packet) } });
      return { ...right, effect: { ...effect, frame: { link: effect.frame.link, body } } };
    },
  },
  sizes.errorsNameWhatFits,
  sizes.discoveryConverges,
);

const forgetful = withSteps(
  'a piece is put away and forgotten',
  {
    gather(stage, seen, frame) {
      const right = STEPS.gather(stage, seen, frame);
      return right.effect?.kind === 'piece-held' ? { ...right, effect: null } : right;
    },
  },
  sizes.nothingIsLost,
);

const unseen = withSteps(
  'a firewall lets pieces pass unseen',
  {
    gather: (stage, seen, frame) => (stage.errors === NOWHERE ? LETS_PASS : STEPS.gather(stage, seen, frame)),
    filter(stage, seen, frame) {
      const packet = ipv4Of(frame);
      return packet !== null && isFragment(packet) ? LETS_PASS : STEPS.filter(stage, seen, frame);
    },
  },
  sizes.setsContainPieces,
);

const silent = withSteps(
  'a router says nothing about what it drops',
  {
    fit: (stage, seen, frame) => STEPS.fit({ ...stage, errors: NOWHERE }, seen, frame),
  },
  sizes.discoveryConverges,
);

export const FAULTS_OF_SIZES: readonly Fault[] = [
  noWireLooks,
  cutsAnything,
  loseTheRest,
  firstCome,
  impatient,
  gaps,
  wrongLength,
  forgetful,
  unseen,
  silent,
];
