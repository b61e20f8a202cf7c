import { type Command, CommanderError } from 'commander';
import { type Complaints, complaint } from './complaint.ts';
import { EXIT } from './exit.ts';
import type { UsageCode } from './usage-codes.ts';

const CODES: ReadonlyMap<string, UsageCode> = new Map([
  ['commander.unknownCommand', 'usage/command'],
  ['commander.unknownOption', 'usage/option'],
  ['commander.optionMissingArgument', 'usage/option'],
  ['commander.missingMandatoryOptionValue', 'usage/option'],
  ['commander.conflictingOption', 'usage/option'],
  ['commander.missingArgument', 'usage/argument'],
  ['commander.excessArguments', 'usage/argument'],
  ['commander.invalidArgument', 'usage/argument'],
]);

/**
 * What was wrong with the call, in our own form. `null` for anything else; for help and version, which end a command
 * in the same way, with the exit code set.
 */
export function complaintAboutCall(
  error: unknown,
  program: Command,
  words: readonly string[],
): Complaints | null {
  if (!(error instanceof CommanderError)) return null;
  const code = CODES.get(error.code);
  if (code === undefined) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return null;
  }
  const [message = '', guess] = error.message.replace(/^error: /, '').split('\n');
  return complaint(code, message.replaceAll("'", '"'), wayOut(guess, program, words));
}

/** Commander's own guess, or where to look. */
function wayOut(guess: string | undefined, program: Command, words: readonly string[]): string {
  const [, meant] = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(guess ?? '') ?? [];
  if (meant !== undefined) return `did you mean ${meant}?`;
  const verb = program.commands.map((command) => command.name()).find((name) => name === words[0]);
  return verb === undefined ? 'vnsim --help lists the commands' : `vnsim ${verb} --help shows the usage`;
}
