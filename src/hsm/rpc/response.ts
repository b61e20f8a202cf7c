import { failure, type Result, success } from '../../base/index.ts';
import { CODES, type Code, codeOf } from '../codes/code.ts';
import { bytesOf, textOf } from '../cryptography/bytes.ts';
import { equalBytes } from '../cryptography/digest.ts';
import type { Given } from '../device/commands.ts';
import type { AttributeAnswer } from '../pkcs11/client-commands.ts';
import { putAnswers, type ReadAnswer, takeAnswers } from './attribute-codec.ts';
import { type Input, isDone, newInput, take32, take64, takeByte, takeBytes } from './bytes-in.ts';
import { newOutput, type Output, put32, put64, putByte, putBytes, written } from './bytes-out.ts';
import { CALLS, type ClientCommandKind, ERROR_CALL, type Field, signatureOf } from './calls.ts';
import type { Request } from './request.ts';

/** What a client reads out of an answer: the values by name, or the code of a refusal. */
export type Response =
  | { readonly kind: 'done'; readonly values: Readonly<Record<string, unknown>> }
  /** what was asked for has this size and was not sent, for want of room */
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'refused'; readonly code: Code; readonly number: number };

/** The answer to a call that was done, for the room that the client has. */
export function encodeDone<K extends ClientCommandKind>(
  { command, room, rooms }: Request<K>,
  value: Given<K>,
): Uint8Array {
  const output = newOutput();
  const { number, response } = CALLS[command.kind];
  put32(output, number);
  putBytes(output, SIGNATURES.get(command.kind) ?? NONE);
  const values = value as unknown as Readonly<Record<string, unknown>>;
  let code: Code = 'CKR_OK';
  for (const field of response) {
    if (field.code === 'aA') {
      const answers = values[field.name] as readonly AttributeAnswer[];
      const fit = putAnswers(output, answers, rooms);
      code =
        answers.find(({ refused }) => refused !== null)?.refused ?? (fit ? 'CKR_OK' : 'CKR_BUFFER_TOO_SMALL');
    } else if (command.kind === 'C_GetAttributeValue') put64(output, CODES[code].number);
    else putField(output, field, values[field.name], room ?? 0);
  }
  return written(output);
}

/** The answer to a call that was refused, whatever the call. */
export function encodeRefusal(code: Code): Uint8Array {
  const output = newOutput(32);
  put32(output, ERROR_CALL);
  putBytes(output, ERROR_SIGNATURE);
  put64(output, CODES[code].number);
  return written(output);
}

/** Bytes that the answer would have, if they do not fit into the client's room; `null`: they do. */
export function excess({ command, room }: Request, value: unknown): number | null {
  if (room === null || command.kind === 'C_GenerateRandom') return null;
  const { data } = value as { readonly data?: unknown };
  return data instanceof Uint8Array && data.length > room ? data.length : null;
}

/** Reads the answer to a call of this kind. Total, as reading calls is. */
export function decodeResponse(kind: ClientCommandKind, bytes: Uint8Array): Result<Response, 'malformed'> {
  const input = newInput(bytes);
  const number = take32(input);
  const signature = takeBytes(input);
  if (signature === null) return failure('malformed');
  if (number === ERROR_CALL) {
    const code = take64(input);
    if (!isDone(input) || !equalBytes(signature, ERROR_SIGNATURE)) return failure('malformed');
    return success({ kind: 'refused', code: codeOf(code) ?? 'CKR_GENERAL_ERROR', number: code });
  }
  if (number !== CALLS[kind].number || !equalBytes(signature, SIGNATURES.get(kind) ?? NONE)) {
    return failure('malformed');
  }
  const values: Record<string, unknown> = {};
  let size: number | null = null;
  for (const field of CALLS[kind].response) {
    const value = takeField(input, field);
    if (typeof value === 'object' && value !== null && 'size' in value) size = Number(value.size);
    else if (field.name !== '') values[field.name] = value;
    else if (field.code === 'u' && kind === 'C_GetAttributeValue') values['code'] = codeOf(Number(value));
  }
  if (!isDone(input)) return failure('malformed');
  return success(size === null ? { kind: 'done', values } : { kind: 'size', size });
}

function putField(output: Output, { name, code, constant }: Field, value: unknown, room: number): void {
  switch (code) {
    case 'u':
      if (typeof value === 'boolean') put64(output, value ? 1 : 0);
      else put64(output, name === '' ? constant : Number(value));
      break;
    case 'au':
      putNumbers(output, value as readonly number[], room);
      break;
    case 'ay': {
      const bytes = value as Uint8Array;
      const fits = bytes.length <= room;
      putByte(output, fits ? 1 : 0);
      if (fits) putBytes(output, bytes);
      else put32(output, bytes.length);
      break;
    }
    case 'v':
      putByte(output, 2);
      putByte(output, 40);
      break;
    case 's16':
      putPadded(output, value, 16);
      break;
    case 's32':
      putPadded(output, value, 32);
      break;
    case 's64':
      putPadded(output, value, 64);
      break;
    default:
      break;
  }
}

/** Code `au`: the numbers if there is room for them, else how many there are. */
function putNumbers(output: Output, numbers: readonly number[], room: number): void {
  const fits = numbers.length <= room && room > 0;
  putByte(output, fits ? 1 : 0);
  put32(output, numbers.length);
  if (fits) for (const each of numbers) put64(output, each);
}

function putPadded(output: Output, value: unknown, length: number): void {
  const padded = new Uint8Array(length).fill(0x20);
  padded.set(bytesOf(typeof value === 'string' ? value : '').slice(0, length));
  putBytes(output, padded);
}

function takeField(input: Input, { name, code }: Field): unknown {
  switch (code) {
    case 'u': {
      const value = take64(input);
      return name === 'tokenPresent' ? value === 1 : value;
    }
    case 'au':
      return takeNumbers(input);
    case 'ay':
      return takeByte(input) === 0 ? { size: take32(input) } : (takeBytes(input) ?? NONE);
    case 'v':
      return [takeByte(input), takeByte(input)];
    case 's16':
    case 's32':
    case 's64':
      return textOf(takeBytes(input) ?? NONE).trimEnd();
    case 'aA':
      return takeAnswers(input) satisfies readonly ReadAnswer[];
    default:
      return null;
  }
}

function takeNumbers(input: Input): readonly number[] | { readonly size: number } {
  const there = takeByte(input) !== 0;
  const count = take32(input);
  if (!there) return { size: count };
  if (count * 8 > input.bytes.length - input.at) input.failed = true;
  return input.failed ? [] : Array.from({ length: count }, () => take64(input));
}

const NONE: Uint8Array = new Uint8Array(0);
const ERROR_SIGNATURE = bytesOf('u');
const SIGNATURES: ReadonlyMap<ClientCommandKind, Uint8Array> = new Map(
  (Object.keys(CALLS) as readonly ClientCommandKind[]).map((kind) => [
    kind,
    bytesOf(signatureOf(CALLS[kind].response)),
  ]),
);
