import { type Nanos, START, seededRandom } from '../../src/base/index.ts';
import { hexOf } from '../../src/hsm/cryptography/bytes.ts';
import { generateCurveKeys } from '../../src/hsm/cryptography/curves.ts';
import {
  type ApplianceState,
  appliance,
  type Caller,
  type ClientIdentity,
  CONSOLE_PORT,
  type Context,
  callAppliance,
  DATA_PORT,
  hearAppliance,
  newCertificate,
  type Request,
  type Response,
  readLine,
  readResponse,
  sayCall,
  sayLine,
} from '../../src/hsm/index.ts';
import { PASSWORDS } from './rig.ts';

export const APPLIANCE = appliance({ serial: 'wire-1', provider: { name: 'crp', secret: PASSWORDS.crp } });

/** An appliance and its connections, without a network between: what crosses is kept. */
export interface Rack {
  state: ApplianceState;
  readonly context: Context;
  /** every piece of bytes that crossed, both ways */
  readonly crossed: Uint8Array[];
  streams: number;
}

export function rack(seed = 1, now: Nanos = START): Rack {
  const context = { now, random: seededRandom(seed, 'appliance') };
  return { state: APPLIANCE.initial(context), context, crossed: [], streams: 0 };
}

/** One connection to it. */
export interface Line {
  readonly rack: Rack;
  readonly stream: number;
  caller: Caller;
  calls: number;
  closed: boolean;
}

/** Opens a connection; what the client says goes through `on its way` first. */
export function connect(
  rig: Rack,
  identity: ClientIdentity | null = null,
  expected: string | null = null,
): Line {
  rig.streams += 1;
  const port = identity === null ? CONSOLE_PORT : DATA_PORT;
  const random = seededRandom(rig.streams, 'client');
  const { caller, send } = callAppliance(identity, expected, random);
  const line: Line = { rack: rig, stream: rig.streams, caller, calls: 0, closed: false };
  rig.state = APPLIANCE.step(rig.state, { kind: 'opened', stream: line.stream, port }, rig.context).state;
  deliver(line, send);
  return line;
}

/** Bytes of the client reach the module, in pieces of `size`, and its answers the client. */
export function deliver(line: Line, bytes: Uint8Array, size = Number.POSITIVE_INFINITY): void {
  const { rack: rig } = line;
  for (let start = 0; start < bytes.length && !line.closed; start += size) {
    const piece = bytes.slice(start, Math.min(start + size, bytes.length));
    rig.crossed.push(piece);
    const reaction = APPLIANCE.step(
      rig.state,
      { kind: 'received', stream: line.stream, bytes: piece },
      rig.context,
    );
    rig.state = reaction.state;
    rig.crossed.push(reaction.send);
    line.closed = reaction.close;
    const heard = hearAppliance(line.caller, reaction.send);
    line.caller = heard.caller;
    if (heard.send.length > 0) deliver(line, heard.send, size);
  }
}

/** Says a line at the console and hears the answer; `null`: none came. */
export function ask(line: Line, text: string, size?: number): string | null {
  const said = sayLine(line.caller, text);
  line.caller = said.caller;
  deliver(line, said.send, size);
  const read = readLine(line.caller);
  if (read === null) return null;
  line.caller = read.caller;
  return read.line;
}

/** Calls a function of the data port. */
export function call(line: Line, command: Request['command'], room = 4096): Response | 'malformed' | null {
  const rooms = command.kind === 'C_GetAttributeValue' ? command.types.map(() => room) : [];
  const asked =
    command.kind === 'C_FindObjects'
      ? command.most
      : command.kind === 'C_GenerateRandom'
        ? command.length
        : room;
  const said = sayCall(line.caller, { command, room: asked, rooms }, line.calls === 0);
  line.calls += 1;
  line.caller = said.caller;
  deliver(line, said.send);
  const read = readResponse(line.caller, command.kind);
  if (read === null) return null;
  line.caller = read.caller;
  return read.response;
}

export function identityOf(name: string, seed: number): ClientIdentity {
  const { privateKey, publicKey } = generateCurveKeys('ed25519', seededRandom(seed, name));
  const keys = { privateKey: hexOf(privateKey), publicKey: hexOf(publicKey) };
  return { certificate: newCertificate(name, keys), keys };
}
