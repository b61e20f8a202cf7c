import { z } from 'zod';

/**
 * The words that the schema is written in.
 *
 * The `error` of each part says what was expected there, in words that complete "expected …": the loader builds its
 * complaints from them. What depends on other parts of the file (names, time, who is in which block) is not
 * shape: `checks.ts`.
 */

/** What every name looks like; two hyphens in a row are kept for links. */
export const NAME: RegExp = /^[a-z](?:-?[a-z0-9])*-?$/;
export const LONGEST_NAME = 63;

type Shape = { readonly [key: string]: z.ZodType };

/** A map with exactly these keys. */
export function map<const Keys extends Shape>(keys: Keys): z.ZodObject<Keys, z.core.$strict> {
  return z.strictObject(keys, { error: 'a map' });
}

export function text(expected: string, about: string): z.ZodType<string> {
  return z.string({ error: expected }).meta({ description: about });
}

export function choice<const Word extends string>(words: readonly Word[], about: string): z.ZodType<Word> {
  return z.enum(words, { error: words.map((word) => `"${word}"`).join(' or ') }).meta({ description: about });
}

export function whole(first: number, last: number, about: string): z.ZodType<number> {
  const error = `a whole number from ${first} to ${last}`;
  return z.int({ error }).min(first, { error }).max(last, { error }).meta({ description: about });
}

export function listOf<Part>(part: z.ZodType<Part>, expected: string, about: string): z.ZodType<Part[]> {
  return z.array(part, { error: expected }).meta({ description: about });
}

/** At least one. */
export function someOf<Part>(part: z.ZodType<Part>, expected: string, about: string): z.ZodType<Part[]> {
  return z
    .array(part, { error: expected })
    .min(1, { error: `${expected}, with at least one entry` })
    .meta({ description: about });
}

export function byName<Part>(part: z.ZodType<Part>, about: string): z.ZodType<Record<string, Part>> {
  return z.record(name('A name.'), part, { error: 'a map from names' }).meta({ description: about });
}

export function name(about: string): z.ZodType<string> & z.core.$ZodRecordKey {
  return z.string({ error: 'a name' }).regex(NAME).max(LONGEST_NAME).meta({ description: about });
}

export const port = (about: string): z.ZodType<number> => whole(1, 65535, about);
export const address = (about: string): z.ZodType<string> => text('an IPv4 address such as 10.0.0.7', about);
export const block = (about: string): z.ZodType<string> =>
  text('a block of addresses such as 10.0.0.0/16', about);
export const addressOrBlock = (about: string): z.ZodType<string> =>
  text('an IPv4 address such as 10.0.0.7 or a block such as 10.0.0.0/16', about);
export const duration = (about: string): z.ZodType<string> =>
  text('a time with its unit such as "400 s"', about);
export const reference = (about: string): z.ZodType<string> => text('the name of something', about);

type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;
type Same<One, Other> =
  (<Probe>() => Probe extends One ? 1 : 2) extends <Probe>() => Probe extends Other ? 1 : 2 ? true : false;

/** The same schema under the name of its type. Does not compile when the two say different things. */
export function agreeing<Value>(): <Schema extends z.ZodType>(
  schema: Same<Frozen<z.output<Schema>>, Frozen<Value>> extends true ? Schema : never,
) => z.ZodType<Value> {
  return (schema) => schema as unknown as z.ZodType<Value>;
}
