import { importsOf, type Source } from './source.ts';

/** What `package.json` says, as far as the rules of the house go. */
export interface PackageFile {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Packages that work without being imported: what uses them, and the words that show it. */
const USED_OTHERWISE: Readonly<Record<string, { readonly command: string } | { readonly option: string }>> = {
  '@biomejs/biome': { command: 'biome' },
  '@types/node': { option: '"types": ["node"]' },
  '@vitest/coverage-v8': { command: 'vitest run --coverage' },
  esbuild: { command: 'esbuild' },
  tsx: { command: 'tsx' },
  typescript: { command: 'tsc' },
};

/** What is wrong with the dependencies, as sentences. `compilerOptions` is the text of tsconfig.json. */
export function judgeDependencies(
  file: PackageFile,
  compilerOptions: string,
  shipped: readonly Source[],
  checking: readonly Source[],
): readonly string[] {
  const inSrc = packagesOf(shipped);
  const inTests = packagesOf(checking);
  const scripts = Object.values(file.scripts).join('\n');
  const used = (name: string): boolean => {
    const how = USED_OTHERWISE[name];
    if (how === undefined) return false;
    return 'command' in how ? scripts.includes(how.command) : compilerOptions.includes(how.option);
  };
  const peers = file.peerDependencies ?? {};
  const declared = { ...file.devDependencies, ...file.dependencies };
  return [
    ...Object.entries(declared)
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `${name} ${version}: pin one exact version`),
    ...Object.keys(file.dependencies)
      .filter((name) => !inSrc.has(name))
      .map(
        (name) =>
          `${name}: ${inTests.has(name) ? 'only tests import it, so it is a devDependency' : 'unused'}`,
      ),
    ...Object.keys(file.devDependencies)
      .filter((name) => !inTests.has(name) && !used(name))
      .map((name) => `${name}: ${inSrc.has(name) ? 'src imports it, so it is a dependency' : 'unused'}`),
    ...Object.keys(peers).flatMap((name) => objectionsToPeer(name, file, inSrc)),
    ...[...inSrc]
      .filter((name) => !Object.hasOwn(file.dependencies, name) && !Object.hasOwn(peers, name))
      .filter((name) => Object.hasOwn(declared, name) && inTests.has(name))
      .map((name) => `${name}: src imports it, so it is a dependency, or a peer that is optional`),
    ...[...inSrc, ...inTests]
      .filter((name) => !Object.hasOwn(declared, name))
      .map((name) => `${name}: imported, and not in package.json`),
  ];
}

/** A peer is what users bring: the package works without it, src imports it, and here it is pinned among what is developed with. */
function objectionsToPeer(name: string, file: PackageFile, inSrc: ReadonlySet<string>): readonly string[] {
  return [
    ...(inSrc.has(name) ? [] : [`${name}: a peer that src does not import`]),
    ...(file.peerDependenciesMeta?.[name]?.optional === true ? [] : [`${name}: a peer that is not optional`]),
    ...(Object.hasOwn(file.devDependencies, name) ? [] : [`${name}: a peer that is not developed with`]),
  ];
}

/** The npm packages that files import, without paths inside them. */
function packagesOf(sources: readonly Source[]): ReadonlySet<string> {
  const specifiers = sources.flatMap(importsOf).flatMap(({ specifier }) => specifier ?? []);
  const packages = specifiers
    .filter((specifier) => !/^(?:\.|node:)/.test(specifier))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return new Set(packages);
}
