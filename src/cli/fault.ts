import { EXIT } from './exit.ts';
import { shellWord } from './shell-word.ts';
import { complain } from './terminal.ts';
import { readVersion } from './version.ts';

/** A mistake of ours: said plainly, with what somebody needs to repeat it. The stack is for whoever asks for it. */
export function reportOurFault(error: unknown, words: readonly string[]): void {
  process.exitCode = EXIT.internal;
  const what = error instanceof Error ? error.message : String(error);
  const lines = [
    `vnsim failed: ${what}`,
    'This is our mistake, not yours. What we need to repeat it: the scenario file, and',
    `  vnsim ${words.map(shellWord).join(' ')}`,
    `  vnsim ${readVersion()}, Node ${process.version}, ${process.platform}`,
  ];
  const debug = process.env['VNSIM_DEBUG'] ?? '';
  if (debug === '') lines.push('VNSIM_DEBUG=1 shows where it happened.');
  else if (error instanceof Error) lines.push(error.stack ?? '');
  complain(`${lines.join('\n')}\n`);
}
