import { advanced } from '../../src/dataplane/associations.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import { drop, outcome } from '../../src/dataplane/outcome.ts';
import { espOf, type Frame } from '../../src/packet/index.ts';
import { type Fault, ipv4Of, withSteps } from './fault.ts';
import * as channels from './laws-of-channels.ts';

/* What can go wrong at the gateways of a channel. */

const unchecked = withSteps(
  'the integrity check value is not looked at',
  () => {
    const sealed = new Map<number, Frame>();
    return {
      seal(stage, seen, frame) {
        sealed.set(stage.spi, frame);
        return STEPS.seal(stage, seen, frame);
      },
      open(stage, seen, frame) {
        const decided = STEPS.open(stage, seen, frame);
        const packet = ipv4Of(frame);
        const inside = sealed.get((packet === null ? null : espOf(packet))?.spi ?? 0);
        if (decided.reason !== 'esp.auth-failed' || inside === undefined) return decided;
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
      const esp = packet === null ? null : espOf(packet);
      const association = stage.associations.get(esp?.spi ?? 0)?.association;
      if (decided.reason !== 'esp.auth-failed' || esp === null || association === undefined) return decided;
      const { window } = seen.association(association);
      const { sequence } = esp;
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

export const FAULTS_OF_CHANNELS: readonly Fault[] = [
  unchecked,
  forgetful,
  credulous,
  sameNumber,
  inTheClear,
  wrongInside,
  anySource,
];
