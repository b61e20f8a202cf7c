import { z } from 'zod';
import { parseCidr, parseIp, parseIpv4, parseIpv4Block, parsePort } from '../address/index.ts';
import type { Result } from '../base/index.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import { parseDuration } from './duration.ts';
import { fromAddress, type Misreading } from './misreading.ts';
import { LONGEST_NAME, NAME, parseName, parsePattern, parsePeer, parseReference } from './reference-text.ts';
import { parseTraffic } from './traffic.ts';
import { enumerate, quoted } from './wording.ts';

/**
 * The words that the schema is written in.
 *
 * The `error` of each part says what was expected there, in words that complete "expected …": the loader builds its
 * complaints from them. Text that has a grammar of its own (addresses, times, claims) is tried with its parser. What depends on other parts of the file (names, time, who is in which block) is not
 * shape: `checks.ts`.
 */

type Shape = { readonly [key: string]: z.ZodType };

/** A map with exactly these keys. */
/** What a check of the schema says beside its message. */
export interface Objection {
  readonly code: DiagnosticCode;
  readonly help: string | null;
  /** the key inside the map that is meant; the map itself where it is missing */
  readonly key?: string;
  /** the word that is wrong, where it is one */
  readonly part?: string;
}

/** Text that `parse` can read. */
export function parsed(
  expected: string,
  parse: (text: string) => Result<unknown, Misreading>,
  about: string,
): z.ZodType<string> {
  return z
    .string({ error: expected })
    .superRefine((text, context) => {
      const reading = parse(text);
      if (reading.ok) return;
      const { message, ...objection } = reading.fault;
      context.addIssue({ code: 'custom', message, params: objection satisfies Objection });
    })
    .meta({ description: about });
}

/** Something that depends on several keys of one map. Looked at only when each key is right by itself. */
export function demand<Value extends object>(
  part: z.ZodType<Value>,
  judge: (value: Value) => (Objection & { readonly message: string }) | null,
): z.ZodType<Value> {
  return part.superRefine((value, context) => {
    const objection = judge(value);
    if (objection === null) return;
    const { message, ...params } = objection;
    context.addIssue({ code: 'custom', message, params: { ...params } });
  });
}

/** A complaint where a map has none of the keys, or more than one. */
export function oneOf(
  value: object,
  keys: readonly string[],
  code: DiagnosticCode,
  rule: string,
): (Objection & { readonly message: string }) | null {
  const found = keys.filter((key) => key in value);
  if (found.length === 1) return null;
  const help = `one of: ${keys.join(', ')}`;
  const [first, second] = found;
  if (first === undefined || second === undefined)
    return { code, message: `${rule}, and here is none`, help };
  return { code, message: `${rule}, and here are ${quoted(first)} and ${quoted(second)}`, help, key: second };
}

export function map<const Keys extends Shape>(keys: Keys): z.ZodObject<Keys, z.core.$strict> {
  const allowed = Object.keys(keys).join(', ');
  return z.strictObject(keys, { error: (issue) => (issue.code === 'unrecognized_keys' ? allowed : 'a map') });
}

export function text(expected: string, about: string): z.ZodType<string> {
  return z.string({ error: expected }).meta({ description: about });
}

export function choice<const Word extends string>(words: readonly Word[], about: string): z.ZodType<Word> {
  const error =
    words.length <= 3 ? words.map((word) => `"${word}"`).join(' or ') : `one of: ${enumerate(words)}`;
  return z.enum(words, { error }).meta({ description: about });
}

export function whole(first: number, last: number, about: string): z.ZodType<number> {
  const error = `a whole number from ${first} to ${last}`;
  return z.int({ error }).min(first, { error }).max(last, { error }).meta({ description: about });
}

/** The software of FIG. 7, 712. */
export const HSM_CLIENT =
  'Whether it has the software by which applications ask an HSM. Without it `pkcs11` fails before a packet leaves. Default: true.';

export function truth(about: string): z.ZodType<boolean> {
  return z.boolean({ error: 'true or false' }).meta({ description: about });
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

export function name(about: string): z.ZodType<string, string> {
  const pattern = NAME.source;
  return parsed('a name', parseName, about).meta({ pattern, maxLength: LONGEST_NAME }) as z.ZodType<
    string,
    string
  >;
}

export function byPort<Part>(part: z.ZodType<Part>, about: string): z.ZodType<Record<string, Part>> {
  const key = parsed('a port', (text) => fromAddress(parsePort(text)), 'A port.') as z.ZodType<
    string,
    string
  >;
  return z.record(key, part, { error: 'a map from ports' }).meta({ description: about });
}

export function port(about: string): z.ZodType<number> {
  return whole(1, 65535, about);
}

export function address(about: string): z.ZodType<string> {
  return parsed('an address such as 10.0.0.7', (text) => fromAddress(parseIp(text)), about);
}

export function block(about: string): z.ZodType<string> {
  return parsed('a block of addresses such as 10.0.0.0/16', (text) => fromAddress(parseCidr(text)), about);
}

/** On the Internet. */
export function publicAddress(about: string): z.ZodType<string> {
  return parsed('an address such as 198.51.100.7', (text) => fromAddress(parseIp(text)), about);
}

/** In place of a private one: addresses of IPv6 need none. */
export function publicIpv4(about: string): z.ZodType<string> {
  return parsed('an IPv4 address such as 198.51.100.7', (text) => fromAddress(parseIpv4(text)), about);
}

export function publicBlock(about: string): z.ZodType<string> {
  return parsed('an IPv4 block such as 198.51.100.0/24', (text) => fromAddress(parseIpv4Block(text)), about);
}

export function addressOrBlock(about: string): z.ZodType<string> {
  return parsed('an address such as 10.0.0.7 or a block such as 10.0.0.0/16', parsePattern, about);
}

export function blockOrFirewall(about: string): z.ZodType<string> {
  return parsed('a block such as 10.0.0.0/16 or the name of a firewall', parsePeer, about);
}

export function traffic(): z.ZodType<string> {
  return parsed(
    'a protocol such as tcp/1792',
    parseTraffic,
    'any, icmp, tcp, udp, or with ports: tcp/1792, udp/1000-2000.',
  ).meta({ examples: ['any', 'tcp/1792', 'udp/1000-2000'] });
}

export function duration(about: string): z.ZodType<string> {
  return parsed('a time with its unit such as "400 s"', parseDuration, about);
}

/** Exactly two names. */
export function pairOfZones(about: string): z.ZodType<string[]> {
  const error = 'the names of two zones';
  return z.array(reference('A zone.'), { error }).length(2, { error }).meta({ description: about });
}

export function reference(about: string): z.ZodType<string> {
  return parsed('a name', parseReference, about);
}

type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;
type Same<One, Other> =
  (<Probe>() => Probe extends One ? 1 : 2) extends <Probe>() => Probe extends Other ? 1 : 2 ? true : false;

/** The same schema under the name of its type. Does not compile when the two say different things. */
export function agreeing<Value>(): <Schema extends z.ZodType>(
  schema: Same<Frozen<z.output<Schema>>, Frozen<Value>> extends true ? Schema : never,
) => z.ZodType<Value> {
  return (schema) => schema as unknown as z.ZodType<Value>;
}
