import {
  ATTRIBUTES,
  type Attribute,
  type AttributeForm,
  type AttributeValue,
  attributeName,
} from '../objects/attribute.ts';
import type { AttributeAnswer } from '../pkcs11/client-commands.ts';
import { type Input, take32, take64, takeByte, takeBytes } from './bytes-in.ts';
import { ABSENT, type Output, put32, put64, putByte, putBytes } from './bytes-out.ts';

/** More attributes than this in one template are no template. */
const MOST_ATTRIBUTES = 256;

/** Code `aA`: how many, and for each the number, a byte for "there is a value", its length and the value in its form. */
export function putTemplate(output: Output, template: readonly Attribute[]): void {
  put32(output, template.length);
  for (const { type, value } of template) {
    put32(output, type);
    putByte(output, 1);
    put32(output, lengthOf(value));
    putValue(output, value);
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
    if (room >= length) putValue(output, value);
    else putNoValue(output, value);
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

function takeItems(input: Input): readonly ReadAnswer[] {
  const count = countOf(input, 5);
  const items: ReadAnswer[] = [];
  for (let index = 0; index < count && !input.failed; index += 1) {
    const type = take32(input);
    if (takeByte(input) === 0) items.push({ type, length: null, value: null });
    else items.push({ type, length: take32(input), value: takeValue(input, formOf(type)) });
  }
  return items;
}

/** A count that the rest of the message can hold: no array is made larger than what was sent. */
function countOf(input: Input, smallest: number): number {
  const count = take32(input);
  if (count > MOST_ATTRIBUTES || count * smallest > input.bytes.length - input.at) input.failed = true;
  return input.failed ? 0 : count;
}

/** Attributes that the module does not know are bytes. */
function formOf(type: number): AttributeForm {
  const name = attributeName(type);
  return name === null ? 'bytes' : ATTRIBUTES[name].form;
}

function lengthOf(value: AttributeValue): number {
  if (value instanceof Uint8Array) return value.length;
  return typeof value === 'boolean' ? 1 : 8;
}

function putValue(output: Output, value: AttributeValue): void {
  if (value instanceof Uint8Array) putBytes(output, value);
  else if (typeof value === 'boolean') putByte(output, value ? 1 : 0);
  else put64(output, value);
}

function putNoValue(output: Output, value: AttributeValue): void {
  if (value instanceof Uint8Array) put32(output, ABSENT);
  else if (typeof value === 'boolean') putByte(output, 0);
  else put64(output, 0);
}

function takeValue(input: Input, form: AttributeForm): AttributeValue | null {
  switch (form) {
    case 'boolean':
      return takeByte(input) !== 0;
    case 'number':
      return take64(input);
    case 'bytes':
      return takeBytes(input);
  }
}
