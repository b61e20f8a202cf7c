import { ATTRIBUTES, type Attribute, type AttributeValue, attributeName } from '../objects/attribute.ts';
import type { AttributeAnswer } from '../pkcs11/client-commands.ts';
import { type Input, take32, take64, takeByte, takeBytes } from './bytes-in.ts';
import { ABSENT, type Output, put32, put64, putByte, putBytes } from './bytes-out.ts';
import { type WireForm, wireFormOf } from './wire-form.ts';

/** More attributes than this in one template are no template. */
const MOST_ATTRIBUTES = 256;
/** Templates in templates, at most so deep: as p11-kit has it. */
const DEEPEST = 16;

/** Code `aA`: how many, and for each the number, a byte for "there is a value", its length and the value in its form. */
export function putTemplate(output: Output, template: readonly Attribute[]): void {
  put32(output, template.length);
  for (const { type, value } of template) {
    put32(output, type);
    putByte(output, 1);
    put32(output, lengthOf(value));
    putValue(output, type, value);
  }
}

export function takeTemplate(input: Input): readonly Attribute[] {
  return takeItems(input).flatMap(({ type, value }) => (value === null ? [] : [{ type, value }]));
}

/** Code `fA`: numbers, each with the room that the client has for the value. */
export function putAttributeRooms(output: Output, types: readonly number[], rooms: readonly number[]): void {
  put32(output, types.length);
  types.forEach((type, index) => {
    put32(output, type);
    put32(output, rooms[index] ?? 0);
  });
}

export function takeAttributeRooms(input: Input): {
  readonly types: readonly number[];
  readonly rooms: readonly number[];
} {
  const count = countOf(input, 8);
  const pairs = Array.from({ length: count }, () => [take32(input), take32(input)] as const);
  return { types: pairs.map(([type]) => type), rooms: pairs.map(([, room]) => room) };
}

/**
 * Answers of `C_GetAttributeValue`. A value for which the client has no room at all comes as its length, which is how clients
 * ask for lengths; one that does not fit does not come. Says whether all did.
 */
export function putAnswers(
  output: Output,
  answers: readonly AttributeAnswer[],
  rooms: readonly number[],
): boolean {
  put32(output, answers.length);
  let fit = true;
  answers.forEach(({ type, value }, index) => {
    put32(output, type);
    const room = rooms[index] ?? 0;
    const length = value === null ? 0 : lengthOf(value);
    const tooSmall = value !== null && room > 0 && room < length;
    if (tooSmall) fit = false;
    putByte(output, value === null || tooSmall ? 0 : 1);
    if (value === null || tooSmall) return;
    put32(output, length);
    if (room >= length) putValue(output, type, value);
    else putNoValue(output, type);
  });
  return fit;
}

/** One attribute of an answer as the client reads it; `value: null`: refused, or only its length was told. */
export interface ReadAnswer {
  readonly type: number;
  readonly length: number | null;
  readonly value: AttributeValue | null;
}

export function takeAnswers(input: Input): readonly ReadAnswer[] {
  return takeItems(input);
}

function takeItems(input: Input, depth = 0): readonly ReadAnswer[] {
  const count = countOf(input, 5);
  const items: ReadAnswer[] = [];
  for (let index = 0; index < count && !input.failed; index += 1) {
    const type = take32(input);
    if (takeByte(input) === 0) {
      items.push({ type, length: null, value: null });
      continue;
    }
    const length = take32(input);
    items.push({ type, length, value: takeValue(input, type, length, depth) });
  }
  return items;
}

/** A count that the rest of the message can hold: no array is made larger than what was sent. */
function countOf(input: Input, smallest: number): number {
  const count = take32(input);
  if (count > MOST_ATTRIBUTES || count * smallest > input.bytes.length - input.at) input.failed = true;
  return input.failed ? 0 : count;
}

function lengthOf(value: AttributeValue): number {
  if (value instanceof Uint8Array) return value.length;
  return typeof value === 'boolean' ? 1 : 8;
}

function putValue(output: Output, type: number, value: AttributeValue): void {
  if (value instanceof Uint8Array) putBytes(output, value);
  else if (typeof value === 'number') put64(output, value);
  else if (wireFormOf(type) === 'bytes') putBytes(output, Uint8Array.of(value ? 1 : 0));
  else putByte(output, value ? 1 : 0);
}

/** In place of a value whose length alone was asked for. */
function putNoValue(output: Output, type: number): void {
  switch (wireFormOf(type)) {
    case 'boolean':
      putByte(output, 0);
      break;
    case 'number':
      put64(output, 0);
      break;
    default:
      put32(output, ABSENT);
  }
}

/** A value; one that is not as long as its kind asks for comes as no bytes, which is a value of no kind. */
function takeValue(input: Input, type: number, length: number, depth: number): AttributeValue | null {
  const form: WireForm = wireFormOf(type);
  switch (form) {
    case 'boolean': {
      const value = takeByte(input) !== 0;
      return length === 1 ? value : NONE;
    }
    case 'number': {
      const value = take64(input);
      return length === 8 ? value : NONE;
    }
    case 'bytes':
      return asItsKind(type, takeBytes(input));
    case 'template':
      if (depth >= DEEPEST) input.failed = true;
      else takeItems(input, depth + 1);
      return NONE;
    case 'mechanisms': {
      const count = countOf(input, 8);
      for (let index = 0; index < count; index += 1) take64(input);
      return NONE;
    }
  }
}

/** Bytes that stand for a value of another form. */
function asItsKind(type: number, bytes: Uint8Array | null): AttributeValue | null {
  const name = attributeName(type);
  if (bytes === null || name === null || ATTRIBUTES[name].form !== 'boolean') return bytes;
  return bytes.length === 1 ? bytes[0] !== 0 : bytes;
}

const NONE: Uint8Array = new Uint8Array(0);
