import { TIME_EXCEEDED } from '../../src/dataplane/errors.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import type { Outcome } from '../../src/dataplane/outcome.ts';
import { icmpErrorPacket, recomputeChecksums } from '../../src/packet/index.ts';
import { changed, type Fault, ipv4Of, withSteps } from './fault.ts';
import * as errors from './laws-of-errors.ts';

/* What can go wrong with ICMP errors. */

const oldTtl = withSteps(
  'an error has the TTL of what it is about',
  {
    route: (...given) => worse(STEPS.route(...given), ipv4Of(given[2])?.ttl ?? 0),
    translate: (...given) => worse(STEPS.translate(...given), ipv4Of(given[2])?.ttl ?? 0),
  },
  errors.errorsHaveAForm,
);

/** The error of an outcome with another TTL. */
function worse(right: Outcome, ttl: number): Outcome {
  const { effect } = right;
  if (effect?.kind !== 'originated' || effect.frame.body.kind !== 'ipv4') return right;
  const body = recomputeChecksums({ ...effect.frame.body, ttl });
  return { ...right, effect: { ...effect, frame: { link: effect.frame.link, body } } };
}

const aboutErrors = withSteps(
  'a router reports about an ICMP error whose TTL runs out',
  {
    route(stage, seen, frame) {
      const right = STEPS.route(stage, seen, frame);
      const packet = ipv4Of(frame);
      const isError = packet?.body.kind === 'icmp-error';
      if (right.reason === null || right.effect !== null || !isError || !stage.forwards) return right;
      const { address: source, errors: at } = stage;
      const body = icmpErrorPacket({ source, target: packet.source, ...TIME_EXCEEDED, offending: packet });
      return { ...right, effect: { kind: 'originated', at, frame: { ...frame, body }, reportsTo: null } };
    },
  },
  errors.noErrorAboutErrors,
);

const rawQuote = withSteps(
  'a translated error still quotes what the other side saw',
  {
    translate(stage, seen, frame) {
      const right = STEPS.translate(stage, seen, frame);
      const before = ipv4Of(frame)?.body;
      if (before?.kind !== 'icmp-error') return right;
      return changed(right, (after) => {
        const packet = ipv4Of(after);
        if (packet?.body.kind !== 'icmp-error') return after;
        const body = recomputeChecksums({ ...packet, body: { ...packet.body, quote: before.quote } });
        return { link: after.link, body };
      });
    },
  },
  errors.quotesWhatWasSent,
);

export const FAULTS_OF_ERRORS: readonly Fault[] = [oldTtl, aboutErrors, rawQuote];
