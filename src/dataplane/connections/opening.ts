import type { Ip, Port } from '../../address/index.ts';
import { assert, type Nanos } from '../../base/index.ts';
import type { Flow } from '../../packet/index.ts';
import type { ConnectionState } from './connection-state.ts';

/**
 * A connection about to be: what its originator sends and what its responder will answer.
 *
 * Flat, so that the effect of a stage is one without copying.
 */
export interface Opening {
  /** IANA protocol number, 0 … 255 */
  readonly protocol: number;
  readonly originalSource: Ip;
  readonly originalSourcePort: Port;
  readonly originalTarget: Ip;
  readonly originalTargetPort: Port;
  readonly replySource: Ip;
  readonly replySourcePort: Port;
  readonly replyTarget: Ip;
  readonly replyTargetPort: Port;
  readonly state: ConnectionState;
  /** alive before this instant, gone at it */
  readonly expiresAt: Nanos;
}

export function openingOf(original: Flow, reply: Flow, state: ConnectionState, expiresAt: Nanos): Opening {
  assert(original.protocol === reply.protocol, 'both flows of a connection have one protocol');
  return {
    protocol: original.protocol,
    originalSource: original.source,
    originalSourcePort: original.sourcePort,
    originalTarget: original.target,
    originalTargetPort: original.targetPort,
    replySource: reply.source,
    replySourcePort: reply.sourcePort,
    replyTarget: reply.target,
    replyTargetPort: reply.targetPort,
    state,
    expiresAt,
  };
}
