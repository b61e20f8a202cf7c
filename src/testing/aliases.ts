import type { ScenarioText } from '../scenario/index.ts';

/** The same network where the overlay device translates for every HSM in the rack (D-06), all under one alias. */
export function withAlias(text: ScenarioText): ScenarioText {
  const steps = (text.steps ?? []).map((step) => {
    const request = step['request-hsm'];
    if (request === undefined || request.attachment === 'direct') return step;
    return { ...step, 'request-hsm': { ...request, 'overlay-nat': '100.127.0.9' } };
  });
  return { ...text, steps };
}
