import { isIpv6 } from '../../src/address/index.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import { drop } from '../../src/dataplane/outcome.ts';
import { isIp } from '../../src/packet/index.ts';
import { type Fault, withSteps } from './fault.ts';
import * as underlays from './laws-of-underlays.ts';

/* What can go wrong where the underlay is of the other family. */

const opensIpv4Alone = withSteps(
  'a tunnel end opens wrappers of IPv4 alone',
  {
    unwrap: (stage, seen, frame) =>
      frame.body.kind === 'ipv6' ? drop('wrap.malformed') : STEPS.unwrap(stage, seen, frame),
  },
  underlays.samePackets,
);

const countsFiftyBytes = withSteps(
  'a tunnel end takes it that a wrapper costs 50 bytes',
  {
    wrap: (stage, seen, frame) =>
      STEPS.wrap(isIpv6(stage.target) ? { ...stage, mtu: stage.mtu + 20 } : stage, seen, frame),
  },
  underlays.sameLengths,
);

const addsOptions = withSteps(
  'a tunnel end puts an extension header before UDP',
  {
    wrap(stage, seen, frame) {
      const right = STEPS.wrap(stage, seen, frame);
      const packet = right.frame?.body;
      if (right.frame === null || !isIp(packet) || packet.kind !== 'ipv6') return right;
      const kept = { ...packet.kept, options: Uint8Array.of(17, 0, 1, 4, 0, 0, 0, 0), nextHeader: 60 };
      return { ...right, frame: { link: right.frame.link, body: { ...packet, kept } } };
    },
  },
  underlays.wrapperCosts,
);

export const FAULTS_OF_UNDERLAYS: readonly Fault[] = [opensIpv4Alone, countsFiftyBytes, addsOptions];
