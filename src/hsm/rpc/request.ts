import { failure, type Result, success } from '../../base/index.ts';
import { bytesOf, textOf } from '../cryptography/bytes.ts';
import { equalBytes } from '../cryptography/digest.ts';
import type { Command } from '../device/commands.ts';
import type { Attribute } from '../objects/attribute.ts';
import { type Mechanism, mechanismName } from '../objects/mechanism.ts';
import { putAttributeRooms, putTemplate, takeAttributeRooms, takeTemplate } from './attribute-codec.ts';
import { type Input, isDone, newInput, take32, take64, takeByte, takeBytes } from './bytes-in.ts';
import { newOutput, type Output, put32, put64, putByte, putBytes, written } from './bytes-out.ts';
import { CALLS, type ClientCommandKind, callOf, type Field, LAST_CALL, signatureOf } from './calls.ts';
import { putMechanism, takeMechanism } from './mechanism-codec.ts';

/** A call as it travels: the command, and how much the client has room for. */
export interface Request<K extends ClientCommandKind = ClientCommandKind> {
  readonly command: Command<K>;
  /** bytes or numbers that the client takes; `null` where the answer has a size of its own */
  readonly room: number | null;
  /** the same for each attribute that is asked for */
  readonly rooms: readonly number[];
}

/** Why a message is no call: it makes no sense, or names a call or a mechanism that the module does not have. */
export type RequestFault = 'malformed' | 'unsupported' | 'mechanism';

/** What `C_Initialize` of p11-kit says first. */
const HELLO = bytesOf('PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1');
const NONE: Uint8Array = new Uint8Array(0);

/** A call as bytes: number, signature, values. */
export function encodeRequest({ command, room, rooms }: Request): Uint8Array {
  const output = newOutput('data' in command ? command.data.length + 64 : 128);
  const { number, request } = CALLS[command.kind];
  put32(output, number);
  putBytes(output, SIGNATURES.get(command.kind) ?? NONE);
  // The table of calls names the fields of each command; a test walks through all of them.
  const values = command as unknown as Readonly<Record<string, unknown>>;
  for (const field of request) putField(output, field, values[field.name], room ?? 0, rooms);
  return written(output);
}

/** Reads a call. Total: whatever the bytes, there is an answer, and nothing larger than they are is made. */
export function decodeRequest(bytes: Uint8Array): Result<Request, RequestFault> {
  const input = newInput(bytes);
  const number = take32(input);
  const kind = callOf(number);
  if (input.failed || number < 1 || number > LAST_CALL) return failure('malformed');
  if (kind === null) return failure('unsupported');
  const signature = takeBytes(input);
  if (signature === null || !equalBytes(signature, SIGNATURES.get(kind) ?? NONE)) return failure('malformed');
  const values: Record<string, unknown> = { kind };
  let room: number | null = null;
  let rooms: readonly number[] = [];
  for (const field of CALLS[kind].request) {
    const { name, code } = field;
    if (code === 'fA') {
      const asked = takeAttributeRooms(input);
      values[name] = asked.types;
      rooms = asked.rooms;
      continue;
    }
    const value = takeField(input, field);
    if (code === 'fy' || code === 'fu') room = Number(value);
    if (name !== '' && code !== 'hello') values[name] = value;
  }
  // The parameters of a mechanism that is not known end somewhere, and so does the sense of what is behind them.
  if (!isDone(input)) return failure(isUnknown(values['mechanism']) ? 'mechanism' : 'malformed');
  return success({ command: values as unknown as Command<ClientCommandKind>, room, rooms });
}

function isUnknown(mechanism: unknown): boolean {
  return mechanism !== undefined && mechanismName((mechanism as Mechanism).type) === null;
}

function putField(
  output: Output,
  { name, code, constant }: Field,
  value: unknown,
  room: number,
  rooms: readonly number[],
): void {
  switch (code) {
    case 'hello':
      putByte(output, 1);
      putBytes(output, HELLO);
      break;
    case 'true':
      putByte(output, 1);
      break;
    case 'pin':
    case 'pin-or-none':
      putByte(output, value === null ? 0 : 1);
      if (value === null) put32(output, 0);
      else putBytes(output, bytesOf(String(value)));
      break;
    case 'ay':
      putByte(output, 1);
      putBytes(output, value instanceof Uint8Array ? value : NONE);
      break;
    case 'z':
      putBytes(output, bytesOf(String(value)));
      break;
    case 'u':
      put64(output, name === '' ? constant : Number(value));
      break;
    case 'y':
      putByte(output, value === true ? 1 : 0);
      break;
    case 'fy':
    case 'fu':
      // Where the size asked for is a field of the command, it is the room as well.
      put32(output, name === '' ? room : Number(value));
      break;
    case 'fA':
      putAttributeRooms(output, value as readonly number[], rooms);
      break;
    case 'aA':
      putTemplate(output, value as readonly Attribute[]);
      break;
    case 'M':
      putMechanism(output, value as Mechanism);
      break;
  }
}

function takeField(input: Input, { code }: Field): unknown {
  switch (code) {
    case 'hello': {
      const hello = takeOptional(input);
      if (!equalBytes(hello, HELLO)) input.failed = true;
      return null;
    }
    case 'pin':
      return textOf(takeOptional(input));
    case 'pin-or-none':
      return input.bytes[input.at] === 0 ? absent(input) : textOf(takeOptional(input));
    case 'ay':
      return takeOptional(input);
    case 'z':
      return textOf(takeBytes(input) ?? NONE);
    case 'u':
      return take64(input);
    case 'true':
    case 'y':
      return takeByte(input) !== 0;
    case 'fy':
    case 'fu':
      return take32(input);
    case 'aA':
      return takeTemplate(input);
    case 'M':
      return takeMechanism(input);
    default:
      return null;
  }
}

/** A null pointer where bytes may stand. */
function absent(input: Input): null {
  takeOptional(input);
  return null;
}

/** Code `ay`: a byte that says whether bytes follow or only their number. */
function takeOptional(input: Input): Uint8Array {
  if (takeByte(input) !== 0) return takeBytes(input) ?? NONE;
  take32(input);
  return NONE;
}

const SIGNATURES: ReadonlyMap<ClientCommandKind, Uint8Array> = new Map(
  (Object.keys(CALLS) as readonly ClientCommandKind[]).map((kind) => [
    kind,
    bytesOf(signatureOf(CALLS[kind].request)),
  ]),
);
