import { ANY_PORT, type Cidr, type Ip, parseIp, single } from '../address/index.ts';
import { failure, present, type Result, success } from '../base/index.ts';
import { claimsNear } from './claim-guess.ts';
import type { ClaimText, Failing } from './claims.ts';
import { fromAddress, type Misreading, misread } from './misreading.ts';
import { parsePattern, parseReference } from './reference-text.ts';
import type { Traffic } from './scenario.ts';
import { parseTraffic } from './traffic.ts';
import { quoted, quotedWhole } from './wording.ts';

/** A sentence with gaps: what it looks like, how it is read, and what it means. */
interface Form {
  readonly shown: string;
  readonly pattern: RegExp;
  readonly read: (gaps: Gaps) => ClaimText;
}

const FORMS: readonly Form[] = [
  {
    shown: 'nothing [unasked] from A reaches B [tcp/PORT]',
    pattern: /^nothing (?:(unasked) )?from (\S+) reaches (\S+)(?: (\S+))?$/,
    read: (gaps) => ({
      kind: 'isolated',
      unasked: gaps.says(1),
      from: gaps.name(2),
      to: gaps.name(3),
      traffic: gaps.says(4) ? gaps.traffic(4) : null,
    }),
  },
  {
    shown: 'D sees only source ADDRESS (or sources ADDRESS, BLOCK)',
    pattern: /^(\S+) sees only sources? (.+)$/,
    read: (gaps) => ({ kind: 'sees-only', device: gaps.name(1), sources: gaps.blocks(2) }),
  },
  {
    shown: 'A reaches B only via D',
    pattern: /^(\S+) reaches (\S+) only via (\S+)$/,
    read: (gaps) => ({ kind: 'only-via', from: gaps.name(1), to: gaps.name(2), via: gaps.name(3) }),
  },
  {
    shown: 'A reaches B [or C] tcp/PORT [although any one zone fails]',
    pattern:
      /^(\S+) reaches (\S+(?: or \S+)*) (\S+?)(?: although any one (zone|link|device|server|machine) fails)?$/,
    read: (gaps) => ({
      kind: 'reaches',
      from: gaps.name(1),
      to: gaps.names(2),
      traffic: gaps.traffic(3),
      although: gaps.failing(4),
    }),
  },
  {
    shown:
      'every request from A to ADDRESS tcp/PORT is answered [from ADDRESS] [although any one server fails]',
    pattern:
      /^every request from (\S+) to (\S+) (\S+) is answered(?: from (\S+))?(?: although any one (zone|link|device|server|machine) fails)?$/,
    read: (gaps) => ({
      kind: 'answered',
      from: gaps.name(1),
      target: gaps.address(2),
      source: gaps.address(gaps.says(4) ? 4 : 2),
      traffic: gaps.traffic(3),
      although: gaps.failing(5),
    }),
  },
  {
    shown: 'no address (or identifier) of CUSTOMER is seen beyond NAT',
    pattern: /^no (address|identifier) of (\S+) is seen beyond (\S+)$/,
    read: (gaps) => ({
      kind: 'hidden',
      what: gaps.word(1) === 'identifier' ? 'identifier' : 'address',
      customer: gaps.name(2),
      beyond: gaps.name(3),
    }),
  },
  {
    shown: '[from A to B] equal to FILE',
    pattern: /^(?:from (\S+) to (\S+) )?equal to (\S+\.(?:ya?ml|json))$/,
    read: (gaps) => ({
      kind: 'equal',
      file: gaps.word(3),
      between: gaps.says(1) ? { from: gaps.name(1), to: gaps.name(2) } : null,
    }),
  },
  { shown: 'no loop', pattern: /^no loops?$/, read: () => ({ kind: 'no-loop' }) },
  { shown: 'no silent loss', pattern: /^no silent loss$/, read: () => ({ kind: 'no-silent-loss' }) },
];

/** Every form of a claim, for who wrote none. */
export const CLAIM_FORMS: readonly string[] = FORMS.map(({ shown }) => shown);

/** Reads a claim; names are not looked up. */
export function parseClaim(text: string): Result<ClaimText, Misreading> {
  const sentence = text.trim().replace(/\s+/g, ' ');
  const read = readForm(sentence);
  if (read?.ok === true) return read;
  // what fits a form may still be a slip in the words of another: `sees only source s 10.0.0.0/8`
  const meant = claimsNear(sentence, read === null ? null : 1).find((near) => readForm(near)?.ok === true);
  return read === null ? noClaim(text, sentence, meant) : addGuess(read, meant);
}

/** `null` where the sentence has none of the forms. */
function readForm(sentence: string): Result<ClaimText, Misreading> | null {
  for (const { pattern, read } of FORMS) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    const gaps = new Gaps(found);
    const claim = read(gaps);
    return gaps.fault ?? success(claim);
  }
  return null;
}

function noClaim(text: string, sentence: string, meant: string | undefined): Result<never, Misreading> {
  const message = `${quoted(text)} is not a claim`;
  if (meant === undefined) {
    return misread('scenario/bad-claim', message, `claims are: ${CLAIM_FORMS.join(' · ')}`);
  }
  const slip = misspelt(sentence, meant);
  const help = `did you mean ${quotedWhole(meant)}?`;
  if (slip === null) return misread('scenario/bad-claim', message, help);
  const [word, right] = slip;
  const found = misread(
    'scenario/bad-claim',
    `${message}: ${quoted(word)} stands where ${quoted(right)} should`,
    help,
  );
  return found.ok ? found : failure({ ...found.fault, part: word });
}

function addGuess(
  read: Result<ClaimText, Misreading>,
  meant: string | undefined,
): Result<ClaimText, Misreading> {
  if (read.ok || meant === undefined) return read;
  const guess = `did you mean ${quotedWhole(meant)}?`;
  const { help } = read.fault;
  return failure({ ...read.fault, help: help === null ? guess : `${help}; or ${guess}` });
}

/** The one word that is wrong, and the right one; `null` where it is not one word for one. */
function misspelt(sentence: string, meant: string): readonly [word: string, right: string] | null {
  const [words, right] = [sentence.split(' '), meant.split(' ')];
  const wrong = words.flatMap((word, at) => (word === right[at] ? [] : [[word, right[at] ?? ''] as const]));
  return words.length === right.length && wrong.length === 1 ? (wrong[0] ?? null) : null;
}

/** What stands in the gaps of a sentence. The first that cannot be read is the fault of the whole. */
class Gaps {
  fault: Result<never, Misreading> | null = null;
  readonly #found: RegExpExecArray;

  constructor(found: RegExpExecArray) {
    this.#found = found;
  }

  says(gap: number): boolean {
    return this.#found[gap] !== undefined;
  }

  name(gap: number): string {
    return this.#read(this.#text(gap), parseReference) ?? '';
  }

  word(gap: number): string {
    return this.#text(gap);
  }

  names(gap: number): readonly string[] {
    return this.#text(gap)
      .split(' or ')
      .map((name) => this.#read(name, parseReference) ?? '');
  }

  address(gap: number): Ip {
    return this.#addressIn(this.#text(gap));
  }

  blocks(gap: number): readonly Cidr[] {
    return this.#text(gap)
      .split(/ ?, ?/)
      .map((text) => this.#read(text, parsePattern) ?? NO_BLOCK);
  }

  traffic(gap: number): Traffic {
    return this.#read(this.#text(gap), parseTraffic) ?? NO_TRAFFIC;
  }

  failing(gap: number): Failing | null {
    return this.says(gap) ? (this.#text(gap) as Failing) : null;
  }

  #addressIn(text: string): Ip {
    return this.#read(text, (one) => fromAddress(parseIp(one))) ?? (0 as Ip);
  }

  #text(gap: number): string {
    return present(this.#found[gap] ?? null, 'a form reads the gaps it has');
  }

  #read<Value>(text: string, parse: (text: string) => Result<Value, Misreading>): Value | null {
    const reading = parse(text);
    if (reading.ok) return reading.value;
    this.fault ??= reading;
    return null;
  }
}

/** Stand where a fault is told anyhow. */
const NO_BLOCK: Cidr = single(0 as Ip);
const NO_TRAFFIC: Traffic = { protocol: 'any', ports: ANY_PORT };
