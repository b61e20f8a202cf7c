/**
 * All benchmarks: `npm run bench`, or some of them: `npm run bench -- prefix build`.
 *
 * What is measured is bundled first, as the package is: a call from one module into another costs more than one inside a
 * bundle, and users have the bundle. Each runs in a process of its own, so that none inherits another's compiled code or heap. Figures are the best of
 * several rounds; compare them within one table, where both sides ran on the same machine in the same minute.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { build } from 'esbuild';

const ALL = [
  'round-trips',
  'scale',
  'codec',
  'prefix',
  'connections',
  'build',
  'proofs',
  'solver',
  'startup',
  'hsm-device',
  'hsm-rpc',
  'hsm-wire',
  'hsm-load',
];
/** Not in dist, which is what users get; below node_modules, so that packages are found. */
const BUNDLED = 'node_modules/.cache/vnsim-bench';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !ALL.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${ALL.join(', ')}`);
  process.exit(2);
}
console.log(
  `Node ${process.version}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
);
const chosen = ALL.filter((each) => wanted.length === 0 || wanted.includes(each));
await build({
  entryPoints: chosen.map((name) => `bench/${name}.ts`),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  outdir: BUNDLED,
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
});
for (const name of chosen) {
  const { status } = spawnSync(process.execPath, [`${BUNDLED}/${name}.mjs`], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
