import type { Ipv4 } from '../../src/address/index.ts';
import type { Effect, Step } from '../../src/dataplane/index.ts';
import {
  type Flow,
  flowOf,
  flowOfQuote,
  type IcmpError,
  type Ipv4Packet,
  packetLength,
} from '../../src/packet/index.ts';
import { deliveriesOf, senderOf } from '../support/journeys.ts';
import { forgedTrial, honestTrial, type Run } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, shown } from './law.ts';

/* What RFC 792, 1812 and 5508 ask of ICMP errors, wherever they come from and wherever they arrive. */

/** What devices send by themselves, with the step that made it; machines have laws of their own. */
function madeErrors({ journeys }: Run): readonly { readonly step: Step; readonly error: Ipv4Packet }[] {
  return journeys.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      const { effect } = step.outcome;
      const body = isMade(effect) ? effect.frame.body : null;
      return body?.kind === 'ipv4' && body.body.kind === 'icmp-error' ? [{ step, error: body }] : [];
    }),
  );
}

function isMade(effect: Effect | null): effect is Effect & { readonly kind: 'originated' } {
  return effect?.kind === 'originated';
}

function quoteOf(error: Ipv4Packet): IcmpError['quote'] {
  if (error.body.kind !== 'icmp-error') throw new Error('an error is one');
  return error.body.quote;
}

export const errorsHaveAForm: Law = lawOfRuns(
  '[DC-01] an error that a router makes is fresh, of class 6, at most 576 bytes long, and quotes eight bytes at least (RFC 1812 4.3.2)',
  forgedTrial,
  (run) => {
    for (const { step, error } of madeErrors(run)) {
      const { packet, missing } = quoteOf(error);
      const data = packetLength(packet) - 20 - packet.kept.options.length;
      const isLong = data >= 8 || missing === 0;
      const isFresh = error.ttl === 64 && error.kept.dscp === 48 && packetLength(error) <= 576;
      demand(
        isFresh && isLong,
        () => `${step.place.name} sends ${packetLength(error)} bytes, ttl ${error.ttl}`,
      );
      demand(error.target === packet.source, () => 'an error goes to the source of what it quotes');
    }
  },
);

export const noErrorAboutErrors: Law = lawOfRuns(
  '[DC-01] no router reports about an ICMP error, a later fragment, or a source that names no single machine (RFC 1812 4.3.2.7)',
  forgedTrial,
  (run) => {
    for (const { step, error } of madeErrors(run)) {
      const { packet } = quoteOf(error);
      const { before } = step;
      const isError = before.body.kind === 'ipv4' && before.body.body.kind === 'icmp-error';
      demand(!isError, () => `${step.place.name} reports about ${shown(before)}`);
      demand(packet.kept.fragmentOffset === 0, () => `${step.place.name} reports about a later fragment`);
      const first = (packet.source as Ipv4) >>> 24;
      const isSomebody = first !== 0 && first !== 127 && (first < 224 || first >= 240);
      demand(isSomebody, () => `${step.place.name} reports to ${first}/8`);
    }
  },
);

export const quotesWhatWasSent: Law = lawOfRuns(
  '[T-03] [D-10] an error that reaches a machine quotes a packet as that machine sent it (RFC 5508 REQ-4)',
  honestTrial,
  (run) => {
    const { network, journeys } = run;
    const sent = new Map<string, Set<string>>();
    for (const journey of journeys) {
      const sender = senderOf(network, journey);
      const flow = journey.frame.body.kind === 'ipv4' ? flowOf(journey.frame.body) : null;
      if (sender === null || flow === null) continue;
      sent.set(sender.id, (sent.get(sender.id) ?? new Set()).add(keyOf(flow)));
    }
    for (const { step, to } of deliveriesOf(run)) {
      const { body } = step.before;
      if (body.kind !== 'ipv4' || body.body.kind !== 'icmp-error') continue;
      const quoted = flowOfQuote(body.body.quote);
      const isOwn = quoted !== null && sent.get(to.id)?.has(keyOf(quoted)) === true;
      demand(isOwn, () => `${to.id} hears ${shown(step.before)}, and sent nothing like it`);
    }
  },
);

function keyOf({ protocol, source, sourcePort, target, targetPort }: Flow): string {
  return [protocol, source, sourcePort, target, targetPort].join();
}

export const LAWS_OF_ERRORS: readonly Law[] = [errorsHaveAForm, noErrorAboutErrors, quotesWhatWasSent];
