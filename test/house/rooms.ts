import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Plan, Room } from './plan.ts';
import { importsOf, lineAt, type Source } from './source.ts';
import type { Violation } from './violation.ts';

/** The only room that touches the machine. */
const DOOR_TO_THE_MACHINE = 'cli';

/** Names that reach the machine, the clock or chance, and what takes their place in every other room. */
const MACHINE: readonly { readonly name: string; readonly pattern: RegExp; readonly instead: string }[] = [
  ambient('console', 'return the text; cli prints it'),
  ambient('process', 'take the value as an argument; cli reads the environment'),
  ambient('Date', 'take `now: Nanos` as an argument (base)'),
  ambient('performance', 'take `now: Nanos` as an argument (base)'),
  ambient('crypto', 'take a `Random` as an argument (base)'),
  ambient('Buffer', 'use Uint8Array'),
  ambient('fetch', 'take the bytes as an argument; cli reads them'),
  ambient('globalThis', 'take the value as an argument'),
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) =>
    ambient(name, 'put an event into the queue of the engine (dataplane)'),
  ),
  {
    name: 'import.meta',
    pattern: /(?<![.\w$])import\s*\.\s*meta\b/g,
    instead: 'take the text as an argument; cli knows where files are',
  },
  {
    name: 'Math.random',
    pattern: /(?<![.\w$])Math\s*(?:\?\.|\.)\s*random\b/g,
    instead: 'take a `Random` as an argument (base)',
  },
];

/** Every breach of the table: doors, directions, packages, the machine. */
export function checkRooms(plan: Plan, sources: readonly Source[]): readonly Violation[] {
  return [...checkPlan(plan), ...sources.flatMap((source) => checkSource(plan, source))];
}

/** Every room may be entered by name, and following the arrows never leads back. */
export function checkPlan(plan: Plan): readonly Violation[] {
  const problem = (message: string): Violation => ({ path: 'docs/ARCHITECTURE.md', line: 1, message });
  const strangers = [...plan.values()].flatMap(({ name, mayEnter }) =>
    mayEnter
      .filter((other) => !plan.has(other))
      .map((other) => problem(`${name} may enter ${other}: no such room`)),
  );
  const edges = new Map([...plan.values()].map(({ name, mayEnter }) => [name, mayEnter]));
  return [...strangers, ...cyclesIn(edges).map((cycle) => problem(`rooms in a circle: ${cycle}`))];
}

/** Each circle once, as `a → b → a`, beginning with its smallest name. */
export function cyclesIn(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Set<string>();
  const walk = (path: readonly string[]): void => {
    const first = path[0] ?? '';
    for (const next of edges.get(path.at(-1) ?? '') ?? []) {
      if (next === first) found.add([...path, first].join(' → '));
      else if (next > first && !path.includes(next)) walk([...path, next]);
    }
  };
  for (const start of edges.keys()) walk([start]);
  return [...found].sort();
}

function checkSource(plan: Plan, source: Source): readonly Violation[] {
  const [top, folder, ...rest] = source.path.split('/');
  const room = top === 'src' && folder !== undefined && rest.length > 0 ? plan.get(folder) : undefined;
  if (room === undefined) {
    const message = 'is in no room: move it into a folder that the table of docs/ARCHITECTURE.md names';
    return [{ path: source.path, line: 1, message }];
  }
  const violations: Violation[] = [];
  const report = (line: number, message: string): void => {
    violations.push({ path: source.path, line, message });
  };
  for (const { line, specifier } of importsOf(source)) {
    const message = judgeImport(plan, room, source.path, specifier);
    if (message !== null) report(line, message);
  }
  for (const { start, text } of source.comments) {
    if (/^\/\/\/\s*<reference\b/.test(text))
      report(lineAt(source, start), 'a reference comment hides an import');
  }
  if (room.name !== DOOR_TO_THE_MACHINE) {
    for (const { name, pattern, instead } of MACHINE) {
      for (const { index } of source.code.matchAll(pattern)) {
        report(lineAt(source, index), `${name} is for ${DOOR_TO_THE_MACHINE} alone: ${instead}`);
      }
    }
  }
  return violations;
}

/** Loads the optional package that the command line names, and no other file loads what is not written in it. */
const PLUG = 'src/cli/token.ts';

function judgeImport(plan: Plan, room: Room, path: string, specifier: string | null): string | null {
  if (specifier === null) return path === PLUG ? null : 'imports something computed: write the name out';
  if (!specifier.startsWith('.')) return judgePackage(plan, room, specifier);

  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const [top, other = '', ...rest] = target.split('/');
  if (top !== 'src') return `imports ${target}: src imports nothing outside src`;
  if (other === room.name) return null;
  if (!plan.has(other)) return `imports ${target}: ${other} is no room`;
  if (!room.mayEnter.includes(other)) return `${room.name} may not enter ${other}`;
  return rest.join('/') === 'index.ts' ? null : `enters ${other} by the window: import src/${other}/index.ts`;
}

function judgePackage(plan: Plan, room: Room, specifier: string): string | null {
  if (isBuiltin(specifier)) {
    if (room.name === DOOR_TO_THE_MACHINE) return null;
    return `${specifier} is for ${DOOR_TO_THE_MACHINE} alone: take what you need as an argument`;
  }
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  if (room.packages.includes(name)) return null;
  const owners = [...plan.values()].filter(({ packages }) => packages.includes(name));
  if (owners.length === 0) return `${name} is in no room's list of packages`;
  return `${name} is for ${owners.map((owner) => owner.name).join(', ')}: ask that room`;
}

/** Uses of a global, as opposed to a property or a key of that name. */
function ambient(name: string, instead: string): (typeof MACHINE)[number] {
  return { name, pattern: new RegExp(`(?<![.\\w$]|\\?\\.\\s*)${name}\\b(?!\\s*\\??:)`, 'g'), instead };
}
