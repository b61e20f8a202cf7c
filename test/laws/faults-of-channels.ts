import { advanced } from '../../src/dataplane/associations.ts';
import { type DropReason, STEPS } from '../../src/dataplane/index.ts';
import { drop, outcome } from '../../src/dataplane/outcome.ts';
import { type Frame, markOf } from '../../src/packet/index.ts';
import { type Fault, ipv4Of, withSteps } from './fault.ts';
import * as channels from './laws-of-channels.ts';

/* What can go wrong at the gateways of a channel. */

const unchecked = withSteps(
  'the integrity check value is not looked at',
  () => {
    const sealed = new Map<number, Frame>();
    return {
      seal(stage, seen, frame) {
        sealed.set(stage.number, frame);
        return STEPS.seal(stage, seen, frame);
      },
      open(stage, seen, frame) {
        const decided = STEPS.open(stage, seen, frame);
        const packet = ipv4Of(frame);
        const inside = sealed.get((packet === null ? null : markOf(packet))?.number ?? 0);
        if (!isUnauthentic(decided.reason) || inside === undefined) return decided;
        const link = { target: stage.mac, source: stage.mac, vlan: null };
        return outcome('continue', { link, body: inside.body }, -1 as never, -1);
      },
    };
  },
  channels.noBitChanged,
);

const forgetful = withSteps(
  'the replay window is not moved',
  {
    open: (stage, seen, frame) => ({ ...STEPS.open(stage, seen, frame), effect: null }),
  },
  channels.neverTwice,
);

const credulous = withSteps(
  'the replay window moves before anything is authentic',
  {
    open(stage, seen, frame) {
      const decided = STEPS.open(stage, seen, frame);
      const packet = ipv4Of(frame);
      const mark = packet === null ? null : markOf(packet);
      const association = stage.associations.get(mark?.number ?? 0)?.association;
      if (!isUnauthentic(decided.reason) || mark === null || association === undefined) return decided;
      const { window } = seen.association(association);
      const { sequence } = mark;
      return drop('esp.auth-failed', {
        kind: 'opened',
        association,
        sequence,
        window: advanced(window, sequence),
      });
    },
  },
  channels.noBitChanged,
);

const sameNumber = withSteps(
  'a sequence number is used again',
  {
    seal: (stage, seen, frame) => ({ ...STEPS.seal(stage, seen, frame), effect: null }),
  },
  channels.oneNumberEach,
);

const inTheClear = withSteps(
  'packets cross the Internet as they are',
  {
    seal: (stage, seen, frame) => ({ ...STEPS.seal(stage, seen, frame), frame }),
  },
  channels.nothingIsSeen,
);

const wrongInside = withSteps(
  'what is opened is not what was sealed',
  {
    open(stage, seen, frame) {
      const decided = STEPS.open(stage, seen, frame);
      const inner = decided.frame?.body;
      if (decided.frame === null || inner?.kind !== 'ipv4') return decided;
      return { ...decided, frame: { link: decided.frame.link, body: { ...inner, ttl: inner.ttl - 1 } } };
    },
  },
  channels.opensToTheSame,
);

const anySource = withSteps(
  'a channel carries whatever comes',
  {
    channel: (stage) => outcome('forward', null, stage.to, -1),
  },
  channels.fromSiteToSite,
);

function isUnauthentic(reason: DropReason | null): boolean {
  return reason === 'esp.auth-failed' || reason === 'wireguard.auth-failed';
}

export const FAULTS_OF_CHANNELS: readonly Fault[] = [
  unchecked,
  forgetful,
  credulous,
  sameNumber,
  inTheClear,
  wrongInside,
  anySource,
];
