import { failure, type Result, success } from '../../base/index.ts';
import type { Command } from '../device/commands.ts';
import type { ConsoleCommands } from '../device/console-commands.ts';
import type { ZoneCommands } from '../zones/zone-commands.ts';
import { hasShape, type Shape } from './shape.ts';

export type ConsoleKind = keyof ConsoleCommands | keyof ZoneCommands;

/**
 * How each command of the console is written in one line: its name, then its values, apart by blanks. `word?` and `number?` may
 * be `-` for none, `officers` is `NAME:PASSWORD,…`, `policies` is `NAME=VALUE,…` or `-`, `words` is `ONE,TWO,…`. The
 * rest of the line is a command (`line`) or what another command gave, in JSON (`card`, `backup`, `objects`).
 */
export const CONSOLE_SYNTAX: { readonly [Kind in ConsoleKind]: string } = {
  login: 'name:word secret:word',
  logout: '',
  show: '',
  'show-log': '',
  'change-password': 'old:word fresh:word',
  'create-administrator': 'name:word',
  'set-network': 'network:word',
  'set-log-target': 'target:word?',
  'upgrade-firmware': 'version:word',
  'set-clock': 'timezone:word offset:number',
  zeroise: '',
  'factory-reset': '',
  initialise: 'label:word quorum:number officers:officers policies:policies',
  'create-officer': 'name:word secret:word',
  'delete-officer': 'name:word',
  'regenerate-identity': '',
  propose: 'proposed:line',
  approve: 'proposal:word digest:word',
  'create-partition': 'name:word quota:number?',
  'delete-partition': 'name:word proposal:word?',
  'list-partitions': '',
  'reinitialise-partition': 'name:word proposal:word?',
  'set-pin': 'partition:word role:user pin:word',
  'register-client': 'name:word certificate:word expires:number?',
  'delete-client': 'name:word',
  'list-clients': '',
  'assign-client': 'client:word partition:word',
  'revoke-client': 'client:word partition:word',
  'change-policy': 'policy:word value:number proposal:word?',
  'entrust-zone': 'partition:word? custodian:custodian proposal:word?',
  'generate-zone-key': 'partition:word? needed:number pins:words',
  'read-card': 'partition:word? pin:word card:card',
  'unload-zone-key': 'partition:word?',
  'list-zones': '',
  backup: 'partition:word',
  'fetch-backup': 'partition:word serial:word?',
  restore: 'partition:word older:flag backup:backup',
  'trust-peer': 'name:word signing:word agreement:word',
  'distrust-peer': 'name:word',
  'copy-out': 'partition:word peer:word?',
  'copy-in': 'partition:word peer:word? objects:objects',
};

/** Shapes of what other commands gave. */
const SHAPES: Readonly<Record<string, Shape>> = {
  card: { zone: '', set: '', place: 0, needed: 0, count: 0, salt: '', sealed: '' },
  backup: { header: { format: '', zone: '', serial: '', version: 0, at: 0, salt: '' }, sealed: '' },
  objects: [{ from: '', to: '', zone: '', uniqueId: '', version: 0, sealed: '', signature: '' }],
};

/** Values that a word must be one of. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  user: ['crypto-officer', 'crypto-user'],
  custodian: ['customer', 'provider'],
};

const PROPOSED: readonly string[] = [
  'delete-partition',
  'reinitialise-partition',
  'change-policy',
  'entrust-zone',
];

/** Reads a line of the console; the fault says how it should have been written. */
export function readConsoleLine(line: string): Result<Command<ConsoleKind>, string> {
  const [name = '', ...words] = line.trim().split(/ +/);
  if (!Object.hasOwn(CONSOLE_SYNTAX, name)) {
    return failure(`no command "${name.slice(0, 32)}"; there are ${Object.keys(CONSOLE_SYNTAX).join(', ')}`);
  }
  const kind = name as ConsoleKind;
  const values: Record<string, unknown> = { kind };
  const fields = CONSOLE_SYNTAX[kind].split(' ').filter((field) => field !== '');
  let rest = words;
  for (const field of fields) {
    const [key = '', code = ''] = field.split(':');
    const takesAll = code === 'line' || Object.hasOwn(SHAPES, code);
    const text = takesAll ? rest.join(' ') : rest[0];
    rest = takesAll ? [] : rest.slice(1);
    const value = text === undefined || text === '' ? undefined : readValue(code, text);
    if (value === undefined) return failure(`write: ${usageOf(kind)}`);
    values[key] = value;
  }
  if (rest.length > 0) return failure(`write: ${usageOf(kind)}`);
  // Each value was read by the code that the table gives its field, so this is the command of that kind.
  return success(values as unknown as Command<ConsoleKind>);
}

/** `login NAME SECRET` */
export function usageOf(kind: ConsoleKind): string {
  const fields = CONSOLE_SYNTAX[kind].split(' ').filter((field) => field !== '');
  return [kind, ...fields.map((field) => (field.split(':')[0] ?? '').toUpperCase())].join(' ');
}

/** The value of a word; `undefined`: it is none. */
function readValue(code: string, text: string): unknown {
  switch (code) {
    case 'word':
      return text;
    case 'word?':
      return text === '-' ? null : text;
    case 'number':
      return readNumber(text);
    case 'number?':
      return text === '-' ? null : readNumber(text);
    case 'flag':
      return text === 'yes' ? true : text === 'no' ? false : undefined;
    case 'words':
      return text.split(',');
    case 'officers':
      return readPairs(text, ':')?.map(([name, secret]) => ({ name, secret }));
    case 'policies':
      return readPolicies(text);
    case 'line': {
      const read = readConsoleLine(text);
      return read.ok && PROPOSED.includes(read.value.kind) ? read.value : undefined;
    }
    default: {
      const shape = SHAPES[code];
      if (shape !== undefined) return readShaped(text, shape);
      return CHOICES[code]?.includes(text) === true ? text : undefined;
    }
  }
}

function readNumber(text: string): number | undefined {
  const number = Number(text);
  return /^-?\d{1,15}$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

function readPolicies(text: string): unknown {
  if (text === '-') return {};
  const pairs = readPairs(text, '=')?.map(([name, value]) => [name, readNumber(value)] as const);
  return pairs?.every(([, value]) => value !== undefined) === true ? Object.fromEntries(pairs) : undefined;
}

function readPairs(text: string, between: string): readonly (readonly [string, string])[] | undefined {
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf(between);
    return [pair.slice(0, Math.max(at, 0)), pair.slice(at + 1)] as const;
  });
  return pairs.every(([name]) => name !== '') ? pairs : undefined;
}

function readShaped(text: string, shape: Shape): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return hasShape(value, shape) ? value : undefined;
  } catch {
    // No JSON.
    return undefined;
  }
}
