import { type Packet, trace } from '../../library/index.ts';
import type { Detail } from '../../report/index.ts';
import { complaint } from '../complaint.ts';
import { answered, openNetwork } from '../networks.ts';
import { lookOf, print, printJson } from '../terminal.ts';

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
  const service = serviceMeant(options);
  const network = openNetwork(file, options.after ?? 'building');
  const ttl = options.ttl === undefined ? {} : { ttl: options.ttl };
  const traced = answered(() => trace(network, { from, to, ...service, ...ttl }));
  if (options.json === true) printJson(traced);
  else print(traced.text({ detail: options.detail, both: options.both === true }, lookOf(process.stdout)));
}

/** A port makes it TCP, no port makes it a ping, unless `--proto` says otherwise. */
function serviceMeant({ port: text, proto }: TraceOptions): Pick<Packet, Protocol> {
  const protocol = proto ?? (text === undefined ? 'icmp' : 'tcp');
  if (text === undefined) {
    if (protocol === 'icmp') return { icmp: 'echo' };
    throw complaint('usage/port', `${protocol} needs a port`, 'add one, for instance -p 1792');
  }
  if (protocol === 'icmp')
    throw complaint('usage/port', 'ICMP has no ports', 'leave out -p, or --proto icmp');
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) {
    throw complaint('usage/port', `"${text}" is not a port`, 'a port is a number from 1 to 65535');
  }
  return protocol === 'tcp' ? { tcp: { port } } : { udp: { port } };
}
