import { type Nanos, nanos } from '../../base/index.ts';
import {
  type Application,
  type Context,
  type Later,
  NOTHING,
  type Reaction,
  type StreamEvent,
} from '../application.ts';
import type { Backend } from '../backend/backend.ts';
import { EMBEDDED } from '../backend/embedded.ts';
import { type Channel, hearAsModule, NEW_CHANNEL, sayAsModule } from '../channel/channel.ts';
import { bytesOfHex, type Hex, hexOf, joinBytes } from '../cryptography/bytes.ts';
import { isRegistered } from '../device/asker.ts';
import type { Deed } from '../device/deed.ts';
import { dispatch } from '../device/dispatch.ts';
import { type ModuleOptions, newModule } from '../device/module.ts';
import type { ModuleState } from '../device/state.ts';
import { cutFrames, encodeFrame, RPC_VERSION } from '../rpc/frame.ts';
import { answerDevice, CALLED_OUT, isDevicePort, type Paired } from '../rped/door.ts';
import type { MakerSecret } from '../rped/pairing.ts';
import { type Engines, IDLE } from '../speed/engines.ts';
import type { Speed } from '../speed/speed.ts';
import { answerLine } from './console-answer.ts';
import { type Answering, hearLines, type Lines } from './lines.ts';
import { serveInTime, type Works } from './service-time.ts';

/** Where the appliance listens: the console as SSH would, the data port as Luna's NTLS. */
export const CONSOLE_PORT = 22;
export const DATA_PORT = 1792;

/** The module, and the ends of its channels. Plain data. */
export interface ApplianceState {
  readonly module: ModuleState;
  readonly streams: Readonly<Record<number, Stream>>;
  readonly engines: Engines;
}

interface Stream {
  readonly port: number;
  readonly channel: Channel;
  /** what was opened and is not a whole line or message yet */
  readonly partial: Hex;
  /** whether the client of the data port has named the version of the protocol */
  readonly versioned: boolean;
  /** when the last answer on it is ready: none overtakes another */
  readonly readyAt: Nanos;
  /** the PIN entry device that has named itself */
  readonly paired: Paired;
}

/** A reaction, and what was done with each request that came in. */
export interface ApplianceReaction extends Reaction<ApplianceState> {
  readonly deeds: readonly Deed[];
}

/** The module as an application: who carries its bytes may look at what it does. */
export interface Appliance extends Application<ApplianceState> {
  step(state: ApplianceState, event: StreamEvent, context: Context): ApplianceReaction;
}

const QUIET = { send: NOTHING, close: false, deeds: [] } as const;

/**
 * The security module behind its ports, as bytes: 22 is the console (406), a line a command over a channel that shows the
 * module's key; 1792 takes p11-kit RPC over a channel on which both sides have shown a certificate (C-14 to C-18); 1503
 * hears PIN entry devices (D-19).
 *
 * Who it talks to is decided by certificate, never by address, of which it hears nothing. A channel on which a bit is wrong
 * is closed, and so is one whose certificate is not registered.
 *
 * @param speed how long operations take; `null`: no time at all
 */
export function appliance(
  options: ModuleOptions,
  speed: Speed | null = null,
  backend: Backend = EMBEDDED,
): Appliance {
  const built: Built = { speed, backend, maker: options.maker ?? null };
  return {
    name: 'security module',
    initial: ({ random, now }) => ({
      module: newModule(options, random, now),
      streams: {},
      engines: IDLE,
    }),
    step: (state, event, context) => {
      switch (event.kind) {
        case 'opened': {
          const stream = { ...NEW_STREAM, port: event.port, readyAt: context.now };
          return { ...QUIET, state: withStream(state, event.stream, stream) };
        }
        case 'received':
          return receive(state, built, event.stream, event.bytes, context);
        case 'closed':
          return { ...QUIET, state: hangUp(state, event.stream, context), close: true };
      }
    },
  };
}

const NEW_STREAM = { channel: NEW_CHANNEL, partial: '', versioned: false, paired: null } as const;

/** What a module has from its maker. */
interface Built extends Works {
  /** what its PIN entry devices have, too */
  readonly maker: MakerSecret | null;
}

function receive(
  state: ApplianceState,
  built: Built,
  number: number,
  bytes: Uint8Array,
  context: Context,
): ApplianceReaction {
  const stream = state.streams[number];
  // Without power or while suspended nobody hears, and so nobody answers.
  if (state.module.power === 'off' || state.module.suspended !== null) return { ...QUIET, state };
  // A connection from before the power was off is none any more.
  if (stream === undefined) return { ...QUIET, state, close: true };
  const heard = hearAsModule(stream.channel, bytes, state.module.identity.signing, context.random);
  if (heard.channel === null || isUnwelcome(state.module, stream, heard.channel, context)) {
    return { ...QUIET, state: hangUp(state, number, context), send: heard.send, close: true };
  }
  const opened = withStream(state, number, { ...stream, channel: heard.channel });
  if (heard.channel.stage !== 'open') return { ...QUIET, state: opened, send: heard.send };
  const input = joinBytes(bytesOfHex(stream.partial), heard.plain);
  const said = hearAt(opened, built, { number, channel: heard.channel, stream }, input, context);
  const { channel, send, later } = sayAll(heard.channel, said, context.now);
  const { versioned, readyAt, engines, paired } = said;
  const next: Stream = { ...stream, channel, partial: hexOf(said.rest), versioned, readyAt, paired };
  const after = withStream({ ...opened, module: said.module, engines }, number, next);
  return {
    state: said.over ? hangUp(after, number, context) : after,
    send: joinBytes(heard.send, send),
    close: said.over,
    later,
    deeds: said.deeds,
  };
}

/** Seals what is ready now, and each answer that takes a while: records count, so they are sealed in the order in which they leave. */
function sayAll(
  open: Channel,
  { answer, later }: Pick<Said, 'answer' | 'later'>,
  now: Nanos,
): { readonly channel: Channel; readonly send: Uint8Array; readonly later: readonly Later[] } {
  const first = sayAsModule(open, answer);
  let { channel } = first;
  const sealed = later.map(({ at, bytes }): Later => {
    const said = sayAsModule(channel, bytes);
    channel = said.channel;
    return { after: nanos(at - now), send: said.send };
  });
  return { channel, send: first.send, later: sealed };
}

/**
 * On the data port only owners of registered certificates are talked to; the console asks for passwords instead. Who is struck
 * off later hears so from the module itself.
 */
function isUnwelcome(
  module: ModuleState,
  { port, channel: before }: Stream,
  channel: Channel,
  { now }: Context,
): boolean {
  if (port === CONSOLE_PORT || isDevicePort(port) || before.stage === 'open' || channel.stage !== 'open')
    return false;
  return channel.fingerprint === null || !isRegistered(module, channel.fingerprint, now);
}

interface Said extends Lines {
  readonly versioned: boolean;
  /** answers that are ready later */
  readonly later: readonly { readonly at: Nanos; readonly bytes: Uint8Array }[];
  readonly readyAt: Nanos;
  readonly engines: Engines;
  readonly deeds: readonly Deed[];
}

/** The end of a stream whose channel is open. */
interface End {
  readonly number: number;
  readonly channel: Extract<Channel, { readonly stage: 'open' }>;
  readonly stream: Stream;
}

function hearAt(
  state: ApplianceState,
  built: Built,
  { number, channel, stream }: End,
  input: Uint8Array,
  context: Context,
): Said {
  const { random, now } = context;
  const isConsole = stream.port === CONSOLE_PORT;
  const calledBy = stream.port === CALLED_OUT ? 'module' : 'device';
  if (!isConsole && !isDevicePort(stream.port)) {
    return hearMessages(state, built, number, channel, input, context);
  }
  const answer: Answering = isConsole
    ? (module, line) => ({ ...answerLine(module, number, line, context), paired: null, over: false })
    : (module, line, paired) => ({
        ...answerDevice(module, paired, line, channel.keys, built.maker, calledBy, random, now),
        deed: null,
      });
  const lines = hearLines(state.module, stream.paired, input, answer);
  return { ...lines, versioned: false, later: [], readyAt: now, engines: state.engines };
}

function hearMessages(
  { module, streams, engines: before }: ApplianceState,
  works: Works,
  application: number,
  channel: Channel,
  input: Uint8Array,
  { random, now }: Context,
): Said {
  const { versioned = false, readyAt: since = now } = streams[application] ?? {};
  const kept = { later: [], readyAt: since, engines: before, deeds: [] };
  const nothing: Said = {
    module,
    answer: NOTHING,
    rest: input,
    versioned,
    paired: null,
    over: false,
    ...kept,
  };
  if (input.length === 0) return nothing;
  const certificate = channel.stage === 'open' ? (channel.fingerprint ?? '') : '';
  const cut = cutFrames(versioned ? input : input.slice(1));
  // Whatever version the client names, the lower one is spoken, and that is ours.
  const answers: Uint8Array[] = versioned ? [] : [Uint8Array.of(RPC_VERSION)];
  const later: { readonly at: Nanos; readonly bytes: Uint8Array }[] = [];
  const deeds: Deed[] = [];
  let state = module;
  let engines = before;
  let readyAt = since;
  for (const { number, body } of cut.frames) {
    const client = { kind: 'client', certificate, application } as const;
    const served = serveInTime(state, engines, works, client, body, random, now);
    state = served.state;
    engines = served.engines;
    deeds.push(served.deed);
    if (served.answer === null) continue;
    const bytes = encodeFrame({ number, body: served.answer });
    readyAt = nanos(Math.max(readyAt, served.doneAt));
    if (readyAt > now) later.push({ at: readyAt, bytes });
    else answers.push(bytes);
  }
  return {
    module: state,
    answer: joinBytes(...answers),
    rest: cut.rest,
    versioned: true,
    paired: null,
    // Who is struck off in the middle of a conversation hears so, and then nothing more.
    over: cut.tooLong || !isRegistered(state, certificate, now),
    later,
    readyAt,
    engines,
    deeds,
  };
}

/** A stream is over: whoever was logged in by it is not any more. */
function hangUp(state: ApplianceState, number: number, { random, now }: Context): ApplianceState {
  const { [number]: stream, ...streams } = state.streams;
  if (stream === undefined) return state;
  if (isDevicePort(stream.port)) return { ...state, streams };
  const over =
    stream.port === CONSOLE_PORT
      ? dispatch(state.module, PANEL, { kind: 'channel-closed', channel: number }, random, now)
      : dispatch(state.module, PANEL, { kind: 'application-closed', application: number }, random, now);
  return { ...state, module: over.state, streams };
}

function withStream(state: ApplianceState, number: number, stream: Stream): ApplianceState {
  return { ...state, streams: { ...state.streams, [number]: stream } };
}

const PANEL = { kind: 'panel' } as const;
