/** How long the command takes, from the built package: `npm run build && npx tsx bench/startup.ts`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { printTable, type Row } from './measure.ts';

const COMMANDS: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['node itself', ['-e', '0']],
  ['vnsim --version', ['dist/cli/main.js', '--version']],
  ['vnsim validate fig3', ['dist/cli/main.js', 'validate', 'scenarios/fig3.yaml']],
  ['vnsim run fig3', ['dist/cli/main.js', 'run', 'scenarios/fig3.yaml']],
];
const ROUNDS = 7;

function benchStartup(): void {
  if (!existsSync('dist/cli/main.js')) {
    console.log('\nStart-up: not measured, since there is no dist/: npm run build makes it');
    return;
  }
  const rows = COMMANDS.map(([name, words]): Row => {
    const times = Array.from({ length: ROUNDS }, () => {
      const begin = performance.now();
      spawnSync(process.execPath, [...words], { stdio: 'ignore' });
      return performance.now() - begin;
    }).sort((one, other) => one - other);
    return {
      command: name,
      fastest: `${(times[0] ?? 0).toFixed(0)} ms`,
      median: `${(times[Math.floor(ROUNDS / 2)] ?? 0).toFixed(0)} ms`,
    };
  });
  printTable('Start-up', rows);
}

benchStartup();
