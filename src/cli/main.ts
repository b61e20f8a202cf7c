#!/usr/bin/env node
import { InternalError } from '../base/index.ts';
import { commandLine } from './command-line.ts';
import { EXIT, UsageError } from './exit.ts';
import { BadScenario, reportMistakes } from './scenarios.ts';
import { complain, endQuietlyOnClosedPipe } from './terminal.ts';

endQuietlyOnClosedPipe();
process.on('SIGINT', () => {
  complain('\ninterrupted: nothing was written\n');
  process.exit(EXIT.interrupted);
});

const words = process.argv.slice(2);
try {
  await commandLine().parseAsync(words, { from: 'user' });
} catch (error) {
  if (error instanceof UsageError || error instanceof BadScenario)
    reportMistakes(error, words.includes('--json'));
  else if (!isUsageComplaint(error)) reportOurFault(error);
}

/** Commander has said what was wrong already; asking for help is no mistake. */
function isUsageComplaint(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('commander.'))
    return false;
  const harmless = ['commander.help', 'commander.helpDisplayed', 'commander.version'];
  process.exitCode = harmless.includes(String(error.code)) ? EXIT.ok : EXIT.usage;
  return true;
}

/** A mistake of ours: said plainly, with what somebody needs to repeat it. */
function reportOurFault(error: unknown): void {
  process.exitCode = EXIT.internal;
  const what = error instanceof Error ? error.message : String(error);
  const kind = error instanceof InternalError ? 'a promise inside vnsim was broken' : 'vnsim failed';
  complain(`${kind}: ${what}\nThis is our mistake. To repeat it: vnsim ${words.join(' ')}\n`);
  if (process.env['VNSIM_DEBUG'] !== undefined && error instanceof Error) complain(`${error.stack}\n`);
}
