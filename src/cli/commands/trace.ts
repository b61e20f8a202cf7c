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
  readonly pkcs11?: readonly string[];
  readonly console?: readonly string[];
  readonly as?: string;
  readonly json?: true;
}

type Protocol = 'tcp' | 'udp' | 'icmp';

/** `vnsim trace FILE FROM TO`: one packet and its reply, every stage, why. */
export function traceCommand(file: string, from: string, to: string, options: TraceOptions): void {
  const talk = talkMeant(options);
  const service = serviceMeant(talk === null ? options : { ...options, port: options.port ?? talk.port });
  // a module that nobody has set up yet has little to say
  const network = openNetwork(file, options.after ?? (talk === null ? 'building' : 'all'));
  const ttl = options.ttl === undefined ? {} : { ttl: options.ttl };
  const traced = answered(() => trace(network, { from, to, ...service, ...ttl, ...talk?.said }));
  if (options.json === true) printJson(traced);
  else print(traced.text({ detail: options.detail, both: options.both === true }, lookOf(process.stdout)));
}

/** What is to be said to a security module, and where it listens for that; `null`: nothing. */
function talkMeant({ pkcs11, console: lines, as }: TraceOptions): {
  readonly port: string;
  readonly said: Pick<Packet, 'pkcs11' | 'console' | 'as'>;
} | null {
  const shown = as === undefined ? {} : { as };
  if (pkcs11 !== undefined && lines === undefined)
    return { port: '1792', said: { pkcs11: [...pkcs11], ...shown } };
  if (lines !== undefined && pkcs11 === undefined)
    return { port: '22', said: { console: [...lines], ...shown } };
  if (pkcs11 === undefined && as === undefined) return null;
  throw complaint('usage/option', '--pkcs11 goes with --as and not with --console', 'trace one of them');
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
