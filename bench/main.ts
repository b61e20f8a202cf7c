/**
 * All benchmarks: `npm run bench`, or some of them: `npm run bench -- prefix build`.
 *
 * Each runs in a process of its own, so that none inherits another's compiled code or heap. Figures are the best of
 * several rounds; compare them within one table, where both sides ran on the same machine in the same minute.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

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
  'hsm-load',
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !ALL.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${ALL.join(', ')}`);
  process.exit(2);
}
console.log(
  `Node ${process.version}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
);
for (const name of ALL.filter((each) => wanted.length === 0 || wanted.includes(each))) {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', `bench/${name}.ts`], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
