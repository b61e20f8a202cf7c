import { type Detail, renderTrace, traceDocument } from '../../report/index.ts';
import { ask, carryOf, type Moment, prepareWorld } from '../../scenario/index.ts';
import { UsageError } from '../exit.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface TraceOptions {
  readonly port?: number;
  readonly proto?: 'tcp' | 'udp' | 'icmp';
  readonly both?: true;
  readonly detail: Detail;
  readonly ttl?: number;
  readonly after?: number;
  readonly json?: true;
}

/** `vnsim trace FILE FROM TO`: one packet and its reply, every stage, why. */
export function traceCommand(file: string, from: string, to: string, options: TraceOptions): void {
  const { port, proto, ttl } = options;
  const protocol = proto ?? (port === undefined ? 'icmp' : 'tcp');
  if (protocol !== 'icmp' && port === undefined) {
    throw new UsageError('usage/port', `${protocol} needs a port`, 'add for instance: -p 1792');
  }
  const moment: Moment =
    options.after === undefined ? { kind: 'set-up' } : { kind: 'after', count: options.after };
  const world = orComplain(prepareWorld(openScenario(file), moment));
  const carry = carryOf(protocol, port ?? 0);
  const asked = ask(world, { from, to, carry, ttl: ttl ?? null, source: null });
  if (!asked.ok) {
    const { message, choices } = asked.fault;
    throw new UsageError(
      'usage/name',
      message,
      choices.length === 0 ? null : `there are: ${choices.join(', ')}`,
    );
  }
  const { request, reply, failed } = asked.value;
  if (request === null) throw new UsageError('usage/nothing-sent', failed ?? 'nothing was sent');
  const exchange = { program: world.engine.program, request, reply };
  if (options.json === true) {
    printJson(traceDocument(exchange));
    return;
  }
  const shown = options.both === true ? exchange : { ...exchange, reply: null };
  print(renderTrace(shown, options.detail, lookOf(process.stdout)));
}
