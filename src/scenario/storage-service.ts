import { contains, type Port } from '../address/index.ts';
import { seededRandom } from '../base/index.ts';
import type { Engine } from '../dataplane/index.ts';
import type { HostEvent } from '../host/index.ts';
import {
  type Channel,
  clientIdentity,
  EMPTY_STORAGE,
  hearAsModule,
  hearClient,
  hearModule,
  NEW_CHANNEL,
  type StorageState,
  type StorageStep,
  sayAsModule,
} from '../hsm/index.ts';
import type { StorageEndpoint } from '../model/index.ts';
import type { RunningMachine } from './machines.ts';
import { callModule } from './module-call.ts';

/** A storage service at work. */
export interface RunningStorage {
  readonly port: Port;
  /** what it has at rest and in memory */
  state: StorageState;
  /** Stops: whoever is connected hears nothing any more. */
  readonly stop: () => void;
}

/** Somebody who is connected. */
interface Client {
  channel: Channel;
  unread: string;
  readonly welcome: boolean;
}

/**
 * Starts a storage service on a port of a machine (G-01 to G-06). Clients reach it over a channel, as a Web service over HTTPS; it calls its
 * module for every data key, over the network and with its own certificate, as any client does.
 */
export function startStorage(
  engine: Engine,
  seed: number,
  machine: RunningMachine,
  port: Port,
  options: StorageEndpoint,
): RunningStorage {
  const { stack } = machine;
  const random = seededRandom(seed, `${machine.id} storage on ${port}`);
  const identity = clientIdentity(seed, `${machine.id} storage on ${port}`).keys;
  const clients = new Map<number, Client>();

  const perform = ({ state, effect }: StorageStep): void => {
    running.state = state;
    if (effect.kind === 'answer') {
      answer(effect.connection, effect.text);
      return;
    }
    const lines = [`login ${options.slot} ${options.pin}`, effect.line];
    callModule(engine, seed, machine, options.hsm, lines, (answers) => {
      const next = hearModule(running.state, options, effect.request, givenBy(answers), engine.now);
      if (next !== null) perform(next);
    });
  };
  const answer = (connection: number, text: string): void => {
    const client = clients.get(connection);
    if (client === undefined) return;
    const said = sayAsModule(client.channel, TEXT.encode(`${text}\n`));
    client.channel = said.channel;
    stack.write(connection, said.send, engine.now);
  };
  const receive = (connection: number, client: Client, bytes: Uint8Array): void => {
    const heard = hearAsModule(client.channel, bytes, identity, random);
    stack.write(connection, heard.send, engine.now);
    client.unread += new TextDecoder().decode(heard.plain);
    if (heard.channel === null || client.unread.length > LONGEST_REQUEST) {
      clients.delete(connection);
      stack.abort(connection, engine.now);
      return;
    }
    client.channel = heard.channel;
    const lines = client.unread.split('\n');
    client.unread = lines.pop() ?? '';
    for (const line of lines) {
      if (client.welcome) perform(hearClient(running.state, options, connection, line, random, engine.now));
      else answer(connection, 'NOT_AUTHORIZED this address is not among those that may ask');
    }
  };
  const hear = (event: HostEvent): void => {
    if (event.kind === 'accepted') {
      if (event.port !== port) return;
      const welcome = Object.values(options.allow).some((block) => contains(block, event.remote));
      clients.set(event.connection, { channel: NEW_CHANNEL, unread: '', welcome });
      return;
    }
    const client = 'connection' in event ? clients.get(event.connection ?? -1) : undefined;
    if (client === undefined || !('connection' in event) || event.connection === null) return;
    if (event.kind === 'received') receive(event.connection, client, event.bytes);
    else if (event.kind !== 'connected' && event.kind !== 'unreachable') {
      clients.delete(event.connection);
      stack.finish(event.connection, engine.now);
    }
  };
  const running: RunningStorage = {
    port,
    state: EMPTY_STORAGE,
    stop: () => {
      machine.hearers.delete(hear);
      stack.refuse(port);
    },
  };
  stack.accept(port);
  machine.hearers.add(hear);
  return running;
}

/** What came of the lines for the module: what the last gave, or what stood in the way. */
function givenBy(answers: readonly string[]): { readonly data: string } | { readonly refused: string } {
  const last = answers.at(-1) ?? '';
  if (!last.startsWith('OK'))
    return { refused: last === '' ? 'the module does not answer, or hangs up' : last };
  if (answers.length < 2 || !last.startsWith('OK {'))
    return { refused: 'the module does not answer, or hangs up' };
  const { data } = JSON.parse(last.slice(3)) as { readonly data?: unknown };
  return typeof data === 'string' ? { data } : { refused: 'the module gave no data' };
}

/** Characters of the longest request. */
const LONGEST_REQUEST = 1 << 20;
const TEXT = new TextEncoder();
