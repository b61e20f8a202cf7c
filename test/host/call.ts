import { port } from '../../src/address/index.ts';
import { START, seededRandom } from '../../src/base/index.ts';
import type { Application } from '../../src/host/index.ts';
import { echo } from '../../src/hsm/index.ts';
import { bytes, CLIENT, HSM_PORT, opened, SERVER, type Seat, seat, type Wire, wire } from './wire.ts';

/** Says goodbye to whoever opens a stream. */
export const closer: Application<number> = {
  name: 'closer',
  initial: () => 0,
  step: (state) => ({ state: state + 1, send: bytes('bye'), close: true }),
};

export function echoServer(options: Parameters<typeof seat>[1] = {}): Seat {
  const server = seat(SERVER, options);
  server.stack.listen([HSM_PORT], echo, seededRandom(9, 'echo'), START);
  return server;
}

export function pair(client = seat(CLIENT), server = echoServer()): Wire {
  return wire(client, server);
}

export function call(between: Wire, sourcePort?: number): number {
  const request = { target: SERVER, port: HSM_PORT };
  const chosen = sourcePort === undefined ? request : { ...request, sourcePort: port(sourcePort) };
  return opened(between.one.stack.connect(chosen, between.now));
}
