#!/usr/bin/env node
import { commandLine } from './command-line.ts';
import { Complaints } from './complaint.ts';
import { EXIT } from './exit.ts';
import { reportOurFault } from './fault.ts';
import { guardStreams } from './terminal.ts';
import { complaintAboutCall } from './usage.ts';

guardStreams();
const words = process.argv.slice(2);
const program = commandLine();
try {
  if (words.length > 0) await program.parseAsync(words, { from: 'user' });
  else {
    // a script whose variable was empty must not pass for a success
    program.outputHelp({ error: true });
    process.exitCode = EXIT.usage;
  }
} catch (error) {
  const complaints = error instanceof Complaints ? error : complaintAboutCall(error, program, words);
  if (complaints !== null) await report(complaints);
  else if (process.exitCode === undefined) reportOurFault(error, words);
}

/** What the user can mend: as a document where one was asked for, else as text on standard error. */
async function report({ all }: Complaints): Promise<void> {
  process.exitCode = EXIT.usage;
  const { printComplaints, tell } = await import('./report-complaints.ts');
  if (words.includes('--json')) printComplaints(all);
  else tell(all);
}
