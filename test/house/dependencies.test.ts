import { describe, expect, it } from 'vitest';
import { judgeDependencies, type PackageFile } from './dependencies.ts';
import { readSource } from './source.ts';
import { readText, sourcesIn } from './tree.ts';

const file = JSON.parse(readText('package.json')) as PackageFile;
interface LockEntry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readText('package-lock.json')) as {
  readonly packages: Readonly<Record<string, LockEntry>>;
};

describe('the packages', () => {
  it('[DC-05] are all imported, or run by a script, and pinned to one version', () => {
    const checking = [
      ...sourcesIn('test', 'bench'),
      readSource('vitest.config.ts', readText('vitest.config.ts')),
    ];
    expect(judgeDependencies(file, readText('tsconfig.json'), sourcesIn('src'), checking)).toEqual([]);
  });

  it('[DC-05] include the seven that were asked for, and TypeScript', () => {
    const asked = [
      'ip-address',
      'ipaddr.js',
      'netmask',
      'immer',
      'fast-check',
      'vitest',
      'tsx',
      'typescript',
    ];
    const declared = { ...file.dependencies, ...file.devDependencies };
    expect(asked.filter((name) => !Object.hasOwn(declared, name))).toEqual([]);
  });

  it('are the ones of the lock file', () => {
    for (const [name, version] of Object.entries({ ...file.dependencies, ...file.devDependencies })) {
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });
});

describe('the lock file', () => {
  it('knows the packages of every platform, or `npm ci` fails on all of them', () => {
    const missing = Object.values(lock.packages)
      .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
      .filter((name) => !Object.hasOwn(lock.packages, `node_modules/${name}`));
    expect(missing).toEqual([]);
  });
});

describe('the judge of the packages', () => {
  const judge = (changes: Partial<PackageFile>, src: string, test = ''): readonly string[] =>
    judgeDependencies(
      { scripts: {}, dependencies: {}, devDependencies: {}, ...changes },
      '{}',
      [readSource('src/base/a.ts', src)],
      [readSource('test/a.test.ts', test)],
    );

  it.each([
    [{ dependencies: { immer: '^11.0.0' } }, "import 'immer';", '', 'immer ^11.0.0: pin one exact version'],
    [{ dependencies: { immer: '11.0.0' } }, '// immer', '', 'immer: unused'],
    [
      { dependencies: { immer: '11.0.0' } },
      '',
      "import 'immer';",
      'immer: only tests import it, so it is a devDependency',
    ],
    [
      { devDependencies: { immer: '11.0.0' } },
      "import 'immer/x';",
      '',
      'immer: src imports it, so it is a dependency',
    ],
    [{ devDependencies: { tsx: '4.0.0' } }, '', '', 'tsx: unused'],
    [
      { devDependencies: { immer: '11.0.0' } },
      "import 'immer';",
      "import 'immer';",
      'immer: src imports it, so it is a dependency, or a peer that is optional',
    ],
    [
      { devDependencies: { immer: '11.0.0' }, peerDependencies: { immer: '^11.0.0' } },
      "import 'immer';",
      "import 'immer';",
      'immer: a peer that is not optional',
    ],
    [{}, "import { x } from '@noble/curves/x.js';", '', '@noble/curves: imported, and not in package.json'],
  ])('%j', (changes, src, test, complaint) => {
    expect(judge(changes, src, test)).toEqual([complaint]);
  });

  it('is content with a package that a script runs', () => {
    expect(judge({ devDependencies: { tsx: '4.0.0' }, scripts: { go: 'tsx a.ts' } }, '')).toEqual([]);
  });
});
