import { type Detail, renderTrace, traceDocument } from '../../report/index.ts';
import { ask, carryOf, prepareWorld } from '../../scenario/index.ts';
import { complaint } from '../complaint.ts';
import { momentAfter } from '../moment.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';
import { waysOut } from '../ways-out.ts';

export interface TraceOptions {
  readonly port?: string;
  readonly proto?: Protocol;
  readonly both?: true;
  readonly detail: Detail;
  readonly ttl?: number;
  readonly after?: number;
  readonly json?: true;
}

type Protocol = 'tcp' | 'udp' | 'icmp';

/** `vnsim trace FILE FROM TO`: one packet and its reply, every stage, why. */
export function traceCommand(file: string, from: string, to: string, options: TraceOptions): void {
  const { protocol, target } = serviceMeant(options);
  const scenario = openScenario(file);
  const world = orComplain(prepareWorld(scenario, momentAfter(scenario, options.after)));
  const carry = carryOf(protocol, target);
  const asked = ask(world, { from, to, carry, ttl: options.ttl ?? null, source: null });
  if (!asked.ok) {
    const { message, choices } = asked.fault;
    throw complaint('usage/name', message, waysOut(choices));
  }
  const { request, reply, failed } = asked.value;
  if (request === null) throw complaint('usage/nothing-sent', failed ?? `${from} sent nothing`);
  const exchange = { program: world.engine.program, request, reply };
  if (options.json === true) {
    printJson(traceDocument(exchange));
    return;
  }
  const shown = options.both === true ? exchange : { ...exchange, reply: null };
  print(renderTrace(shown, options.detail, lookOf(process.stdout)));
}

/** A port makes it TCP, no port makes it a ping, unless `--proto` says otherwise. */
function serviceMeant({ port: text, proto }: TraceOptions): { protocol: Protocol; target: number } {
  const protocol = proto ?? (text === undefined ? 'icmp' : 'tcp');
  if (text === undefined) {
    if (protocol === 'icmp') return { protocol, target: 0 };
    throw complaint('usage/port', `${protocol} needs a port`, 'add one, for instance -p 1792');
  }
  if (protocol === 'icmp')
    throw complaint('usage/port', 'ICMP has no ports', 'leave out -p, or --proto icmp');
  const target = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  if (target < 1 || target > 65_535) {
    throw complaint('usage/port', `"${text}" is not a port`, 'a port is a number from 1 to 65535');
  }
  return { protocol, target };
}
