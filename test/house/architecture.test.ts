import { describe, expect, it } from 'vitest';
import { type Plan, readPlan } from './plan.ts';
import { checkPlan, checkRooms, cyclesIn } from './rooms.ts';
import { importsOf, readSource } from './source.ts';
import { checkTidiness } from './tidiness.ts';
import { filesIn, readText, sourcesIn } from './tree.ts';
import { formatViolations } from './violation.ts';

const plan = readPlan(readText('docs/ARCHITECTURE.md'));

describe('the house', () => {
  it('[DC-01] keeps to the table of docs/ARCHITECTURE.md: doors, directions, packages, and one room at the machine', () => {
    expect(formatViolations(checkRooms(plan, sourcesIn('src')))).toEqual([]);
  });

  it('keeps every file of src in a room', () => {
    const homeless = filesIn('src').filter(
      (path) => path.split('/').length < 3 || !plan.has(path.split('/')[1] ?? ''),
    );
    expect(homeless).toEqual([]);
  });

  it('is tidy: short files, names that say something, nothing left for later, nothing skipped', () => {
    expect(formatViolations(checkTidiness(sourcesIn('src', 'test', 'bench', 'examples')))).toEqual([]);
  });

  it('lets provider, dataplane and verify never meet', () => {
    for (const room of ['provider', 'dataplane', 'verify']) {
      const others = ['provider', 'dataplane', 'verify'].filter((other) => other !== room);
      expect(
        plan.get(room)?.mayEnter.filter((other) => others.includes(other)),
        room,
      ).toEqual([]);
    }
  });

  it('has no room that enters the command line or the page', () => {
    const intruders = [...plan.values()].filter(({ mayEnter }) =>
      mayEnter.some((room) => /cli|explorer/.test(room)),
    );
    expect(intruders.map(({ name }) => name)).toEqual([]);
  });
});

const small: Plan = readPlan(
  [
    '| room | what lives there | may enter | packages |',
    '| --- | --- | --- | --- |',
    '| `base` | the ground | | `pure-rand` |',
    '| `packet` | headers | `base` | |',
    '| `provider` | the control plane | `base` | `immer` |',
    '| `hsm` | keys | `base` | `@noble/curves` |',
    '| `cli` | the door | `base` `packet` | `commander` |',
    '',
    '| `stray` | another table | | |',
  ].join('\n'),
);

function complaints(path: string, text: string): readonly string[] {
  return formatViolations(checkRooms(small, [readSource(path, text)]));
}

describe('the reader of the table', () => {
  it('stops where the table ends and keeps what each cell says', () => {
    expect([...small.keys()]).toEqual(['base', 'packet', 'provider', 'hsm', 'cli']);
    expect(small.get('cli')).toEqual({ name: 'cli', mayEnter: ['base', 'packet'], packages: ['commander'] });
  });

  it('refuses a document without the table, so that nothing passes because nothing was read', () => {
    expect(() => readPlan('# A house\n')).toThrow('no table with the columns');
    expect(plan.size).toBeGreaterThan(10);
  });
});

describe('a planted breach of the table is caught', () => {
  it.each([
    ["import { a } from '../hsm/index.ts';", 'packet may not enter hsm'],
    ["import type { A } from '../provider/index.ts';", 'packet may not enter provider'],
    ["export * from '../hsm/index.ts';", 'packet may not enter hsm'],
    ["export type * as hsm from '../hsm/index.ts';", 'packet may not enter hsm'],
    ["import '../hsm/index.ts';", 'packet may not enter hsm'],
    ["import {\n  a,\n  type B,\n} from '../hsm/index.ts';", 'packet may not enter hsm'],
    ["const a = await import('../hsm/index.ts');", 'packet may not enter hsm'],
    ["type A = import('../hsm/index.ts').A;", 'packet may not enter hsm'],
    [`const a = \`\${await import('../hsm/index.ts')}\`;`, 'packet may not enter hsm'],
    [`const a = \`\${call({ b: {} }, await import('../hsm/index.ts'))}\`;`, 'packet may not enter hsm'],
    ["const a = 4 / 2; import b from '../hsm/index.ts'; // '/", 'packet may not enter hsm'],
    ["import { a } from '../base/time.ts';", 'enters base by the window'],
    ["import { a } from '../base';", 'enters base by the window'],
    ["import { a } from '../cellar/index.ts';", 'cellar is no room'],
    ["import { a } from '../../test/house/plan.ts';", 'src imports nothing outside src'],
    ['const a = await import(name);', 'imports something computed'],
    ["const a = require('left-pad');", 'left-pad is in no room'],
    ["import a from 'left-pad';", 'left-pad is in no room'],
    ["import { produce } from 'immer';", 'immer is for provider: ask that room'],
    ["import { ed25519 } from '@noble/curves/ed25519.js';", '@noble/curves is for hsm'],
    ["import { uniformInt } from 'pure-rand/distribution/uniformInt';", 'pure-rand is for base'],
    ['/// <reference path="../hsm/index.ts" />', 'a reference comment hides an import'],
  ])('%s', (text, message) => {
    expect(complaints('src/packet/frame.ts', text)).toEqual([expect.stringContaining(message)]);
  });

  it('what is computed is imported by the one file that may', () => {
    expect(complaints('src/cli/token.ts', 'const a = await import(name);')).toEqual([]);
    expect(complaints('src/cli/terminal.ts', 'const a = await import(name);')).toEqual([
      expect.stringContaining('imports something computed'),
    ]);
  });

  it('a file outside every room', () => {
    expect(complaints('src/stray.ts', '')).toEqual([expect.stringContaining('is in no room')]);
    expect(complaints('src/cellar/wine.ts', '')).toEqual([expect.stringContaining('is in no room')]);
  });

  it('rooms that lead back to themselves, and arrows to nowhere', () => {
    const circle = readPlan(
      [
        '| room | what lives there | may enter | packages |',
        '| --- | --- | --- | --- |',
        '| `a` | | `b` | |',
        '| `b` | | `c` `d` | |',
        '| `c` | | `a` | |',
      ].join('\n'),
    );
    expect(checkPlan(circle).map(({ message }) => message)).toEqual([
      'b may enter d: no such room',
      'rooms in a circle: a → b → c → a',
    ]);
    expect(cyclesIn(new Map([['a', ['a']]]))).toEqual(['a → a']);
  });
});

describe('a planted touch of the machine is caught', () => {
  it.each([
    ["import { readFileSync } from 'node:fs';", 'node:fs is for cli alone'],
    ["import { readFileSync } from 'fs';", 'fs is for cli alone'],
    ["console.log('x');", 'console is for cli alone: return the text'],
    ["if (process.env['CI']) start();", 'process is for cli alone'],
    ['const now = Date.now();', 'Date is for cli alone: take `now: Nanos`'],
    ['const today = new Date();', 'Date is for cli alone'],
    ['const chance = Math.random();', 'Math.random is for cli alone: take a `Random`'],
    ['const { random } = Math; const a = Math\n  .random();', 'Math.random is for cli alone'],
    [`const text = \`\${performance.now()}\`;`, 'performance is for cli alone'],
    ['setTimeout(() => {}, 1);', 'setTimeout is for cli alone: put an event'],
    ['const here = import.meta.url;', 'import.meta is for cli alone'],
  ])('%s', (text, message) => {
    expect(complaints('src/packet/frame.ts', text)).toEqual([expect.stringContaining(message)]);
    expect(complaints('src/cli/main.ts', text)).toEqual([]);
  });
});

describe('what only looks like a breach passes', () => {
  it.each([
    [
      "import { a } from './ipv4.ts';\nimport { b } from '../packet/tcp.ts';\nimport { c } from '../base/index.ts';",
    ],
    ["// import { a } from '../hsm/index.ts'; console.log(Date.now());"],
    ["/* import a from 'left-pad'; Math.random() */"],
    ['const text = "import a from \'left-pad\'";'],
    ["const text = 'it\\'s from \"left-pad\"';"],
    [`const text = \`import a from "left-pad"; \${String({ a: 1 })} console.log()\`;`],
    ["const pattern = /from 'left-pad'[/\"]console/;"],
    ["const list = Array.from('abc'); const step = { from: 'left-pad', process: 1 };"],
    ['const kept = packet.process + packet.console; interface Stage { Date: number; fetch?: string }'],
    ["export const a = 1; export { b }; export default 'hsm';"],
  ])('%s', (text) => {
    expect(complaints('src/packet/frame.ts', text)).toEqual([]);
  });

  it('and the reader finds every line that a plain search finds in the real files', () => {
    const sources = sourcesIn('src', 'bench');
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      const plain = source.text.match(/^(?:import|export|\}).* from '.*;$/gm) ?? [];
      expect(importsOf(source).length, source.path).toBeGreaterThanOrEqual(plain.length);
    }
  });
});

describe('planted untidiness is caught', () => {
  it.each([
    ['src/packet/long.ts', 'x;\n'.repeat(301), 'has 301 lines, at most 300'],
    ['src/packet/packet-utils.ts', '', '"utils" names no idea'],
    ['src/common/index.ts', '', '"common" names no idea'],
    ['test/packet/helpers.test.ts', '', '"helpers" names no idea'],
    ['src/packet/types.ts', '', '"types" names no idea'],
    ['src/packet/frame.ts', 'export class FrameManager {}', '"FrameManager" names no idea'],
    ['src/packet/frame.ts', 'let a = 1; // TODO later', '"TODO" in a comment'],
    ['src/packet/frame.ts', '// @ts-ignore\nlet a = 1;', '"@ts-ignore" in a comment: mend the code'],
    ['test/packet/frame.test.ts', "it.skip('x', () => {});", 'it.skip: a test runs, always'],
    ['test/packet/frame.test.ts', "describe.concurrent.only('x', () => {});", 'a test runs, always'],
    ['test/packet/frame.test.ts', "xit('x', () => {});", 'a test runs, always'],
  ])('%s: %#', (path, text, message) => {
    expect(formatViolations(checkTidiness([readSource(path, text)]))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it('but not the same words in strings, nor a test that asks for its peer', () => {
    const text = "const a = 'TODO it.skip()'; it.skipIf(!present)('x', () => {}); const information = a;";
    expect(checkTidiness([readSource('test/packet/frame.test.ts', text)])).toEqual([]);
  });
});
