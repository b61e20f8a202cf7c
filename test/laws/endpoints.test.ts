import { describe, expect, it } from 'vitest';
import type { Journey, Step } from '../../src/dataplane/index.ts';
import { encodeFrame, type Frame, flowOf, isVxlan } from '../../src/packet/index.ts';
import {
  loadScenario,
  type ModuleEndpointText,
  printScenario,
  runScenario,
  type ScenarioText,
  type StimulusText,
} from '../../src/scenario/index.ts';
import { readText } from '../house/tree.ts';
import { innermost } from '../support/journeys.ts';

/** `SIGNATURE`, a blank, 64 bytes in hex, a line feed: what the module answers, whatever it signs. */
const ANSWER_LENGTH = 'SIGNATURE '.length + 128 + 1;

/** As long as its answer, so that an endpoint that sends it back sends packets of the same length. */
const REQUEST = `${'SIGN '.padEnd(ANSWER_LENGTH - 1, 'x')}\n`;

/** The scenario with another program behind every HSM's port, and with requests as long as their answers. */
function withEndpoint(file: string, endpoint: ModuleEndpointText): ScenarioText {
  const loaded = loadScenario(readText(file), file).scenario;
  if (loaded === null) throw new Error(`${file} has mistakes`);
  const { provider, steps, ...rest } = loaded.text;
  const hsms = Object.entries(provider.hsms ?? {}).map(
    ([name, hsm]) => [name, { ...hsm, endpoint }] as const,
  );
  const saying = (stimulus: StimulusText): StimulusText =>
    stimulus.payload === undefined ? stimulus : { ...stimulus, payload: REQUEST };
  return {
    ...rest,
    provider: { ...provider, hsms: Object.fromEntries(hsms) },
    steps: (steps ?? []).map(({ expect: _, send, ...step }) => {
      if (send === undefined) return step;
      return { ...step, send: 'from' in send ? saying(send) : send.map(saying) };
    }),
  };
}

function journeysOf(text: ScenarioText): readonly Journey[] {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'endpoint.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const ran = runScenario(scenario);
  if (!ran.ok) throw new Error(ran.fault.map(({ message }) => message).join('; '));
  return ran.value.world.trace.journeys();
}

/** A frame without the bytes of applications and the sums over them. */
function headers({ link, body }: Frame): unknown {
  if (body.kind !== 'ipv4') return { link, body };
  const { body: inner, ...packet } = body;
  if (inner.kind === 'udp' && isVxlan(inner.body)) {
    const { segment, inner: wrapped } = inner.body;
    return { link, packet, ports: flowOf(body), segment, wrapped: headers(wrapped) };
  }
  if (inner.kind !== 'tcp') return { link, body };
  return { link, packet, ports: flowOf(body), segment: inner.segment, length: inner.body.length };
}

function shapeOf({ now, place, stage, outcome, before }: Step): unknown {
  const { verdict, rule, reason } = outcome;
  return { now, place: place.name, stage: stage.id, verdict, rule, reason, frame: headers(before) };
}

/** Handshake, acknowledgements and farewells: what carries no bytes of an application. */
function isEmpty({ frame }: Journey): boolean {
  const { body } = innermost(frame);
  return body.kind === 'ipv4' && body.body.kind === 'tcp' && body.body.body.length === 0;
}

describe('behind the HSM’s port', () => {
  it.each(['scenarios/fig3.yaml', 'scenarios/direct-attach.yaml', 'scenarios/two-tenants.yaml'])(
    '[D-17] [DC-03] echo and hsm give the same trace but for the bytes they say (%s)',
    (file) => {
      const [plain, secure] = [journeysOf(withEndpoint(file, 'echo')), journeysOf(withEndpoint(file, 'hsm'))];
      expect(secure.map(({ steps }) => steps.map(shapeOf))).toEqual(
        plain.map(({ steps }) => steps.map(shapeOf)),
      );

      const bytes = (journeys: readonly Journey[]) =>
        journeys.filter(isEmpty).flatMap(({ steps }) => steps.map(({ before }) => encodeFrame(before)));
      expect(bytes(secure).length).toBeGreaterThan(0);
      expect(bytes(secure)).toEqual(bytes(plain));

      // and the two did say different things
      const said = (journeys: readonly Journey[]) => journeys.map(({ frame }) => encodeFrame(frame));
      expect(said(secure)).not.toEqual(said(plain));
    },
  );
});
