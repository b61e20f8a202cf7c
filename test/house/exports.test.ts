import { describe, expect, it } from 'vitest';
import { readText } from './tree.ts';

/* What others may import from the package. A name that is in no list here is nobody's business; one that goes breaks somebody. */

const PUBLIC: Readonly<Record<string, { readonly entry: string; readonly names: readonly string[] }>> = {
  '.': {
    entry: 'library',
    names: [
      'Answer',
      'CALL_CODES',
      'CallCode',
      'Captured',
      'Compared',
      'Complaint',
      'Detail',
      'DropReason',
      'Leg',
      'LegEnd',
      'LegHop',
      'LegStage',
      'LoadOptions',
      'Look',
      'Network',
      'Packet',
      'Part',
      'Pinged',
      'Progress',
      'Proofs',
      'Ran',
      'Reached',
      'ScenarioText',
      'Snapshot',
      'StepText',
      'TableName',
      'TraceTextOptions',
      'Traced',
      'VnsimError',
      'WitnessScenario',
      'capture',
      'capturing',
      'diff',
      'loadNetwork',
      'perform',
      'pingall',
      'prove',
      'proving',
      'reach',
      'run',
      'running',
      'snapshot',
      'trace',
    ],
  },
  './testing': {
    entry: 'testing',
    names: [
      'Answers',
      'LAWS',
      'Law',
      'LawBroken',
      'NetworkOptions',
      'PropertyFailed',
      'PropertyOptions',
      'Trial',
      'addresses',
      'answeredByWhoWasAsked',
      'assertProperty',
      'blocks',
      'customersAreApart',
      'everyPacketEnds',
      'failures',
      'networks',
      'oneHopEach',
      'packets',
      'proofsAgree',
      'sameAgain',
      'textReadsBack',
      'trials',
    ],
  },
  './vitest': { entry: 'matchers', names: ['MATCHERS', 'NetworkMatchers'] },
};

const { exports } = JSON.parse(readText('package.json')) as {
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string } | string>>;
};

/** Every name that an entry exports, types included; `export *` would hide some. */
function namesIn(entry: string): readonly string[] {
  const text = readText(`src/${entry}/index.ts`);
  expect(text, entry).not.toMatch(/export (?:type )?\*/);
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].map(([, names = '']) => names);
  return lists
    .flatMap((names) => names.split(','))
    .map((name) => name.trim().replace(/^type /, ''))
    .filter((name) => name !== '')
    .concat(
      [...text.matchAll(/^export (?:function|const|class|interface|type) (\w+)/gm)].map(
        ([, name = '']) => name,
      ),
    )
    .sort();
}

describe('[DC-10] the package', () => {
  it('has these entries and no other', () => {
    const entries = Object.keys(exports).filter((name) => name !== './package.json');
    expect(entries).toEqual(Object.keys(PUBLIC));
  });

  it.each(Object.entries(PUBLIC))('exports from %s what is listed here', (entry, { entry: room, names }) => {
    expect(namesIn(room)).toEqual([...names].sort());
    expect(exports[entry]).toEqual({
      types: `./dist/${room}/index.d.ts`,
      default: `./dist/${room}/index.js`,
    });
  });

  it('explains each of its functions and shapes where it is declared', () => {
    for (const { entry } of Object.values(PUBLIC)) {
      for (const [, file = ''] of readText(`src/${entry}/index.ts`).matchAll(/from '\.\/([\w-]+\.ts)'/g)) {
        const text = readText(`src/${entry}/${file}`);
        const bare = [
          ...text.matchAll(/(?<!\*\/\n|;\n)^export (?:function|class|interface|type|const) (\w+)/gm),
        ];
        expect(
          bare.map(([, name]) => name),
          `src/${entry}/${file}`,
        ).toEqual([]);
      }
    }
  });
});
