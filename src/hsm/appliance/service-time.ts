import type { Nanos, Random } from '../../base/index.ts';
import type { Backend } from '../backend/backend.ts';
import type { ModuleState } from '../device/state.ts';
import { decodeRequest } from '../rpc/request.ts';
import { encodeRefusal } from '../rpc/response.ts';
import { type Served, serve } from '../rpc/serve.ts';
import { admit, type Engines } from '../speed/engines.ts';
import type { Speed } from '../speed/speed.ts';
import { withoutOperation, workOf } from '../speed/work.ts';

/** How quickly it works, and who computes. */
export interface Works {
  readonly speed: Speed | null;
  readonly backend: Backend;
}

/** A message served, the engines afterwards, and when the answer is ready. */
export interface ServedInTime extends Served {
  readonly engines: Engines;
  readonly doneAt: Nanos;
}

/**
 * Serves one message of a client in its turn: what keeps an engine busy is answered when the engine is done, and refused as
 * `OVERLOADED` where the queue is full. What is refused for another reason takes no time.
 */
export function serveInTime(
  state: ModuleState,
  engines: Engines,
  { speed, backend }: Works,
  client: { readonly kind: 'client'; readonly certificate: string; readonly application: number },
  message: Uint8Array,
  random: Random,
  now: Nanos,
): ServedInTime {
  const served = serve(state, client, message, random, now, backend);
  const atOnce = { ...served, engines, doneAt: now };
  if (speed === null || served.outcome !== 'CKR_OK') return atOnce;
  const request = decodeRequest(message);
  if (!request.ok) return atOnce;
  const { command } = request.value;
  const work = workOf(state, client.application, command);
  const takes = work === null ? undefined : speed.times[work];
  if (takes === undefined) return atOnce;
  const admitted = admit(engines, speed, takes, now);
  if (admitted !== null) return { ...served, ...admitted };
  const left = withoutOperation(state, client.application, command);
  const deed = { ...served.deed, outcome: 'OVERLOADED', why: '' } as const;
  const refused = { call: served.call, outcome: 'OVERLOADED', deed };
  return { ...refused, state: left, answer: encodeRefusal('OVERLOADED'), engines, doneAt: now };
}
