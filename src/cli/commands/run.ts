import { type LoadOptions, type Network, type Progress, type Ran, running } from '../../library/index.ts';
import { EXIT } from '../exit.ts';
import { performInterruptibly } from '../interrupt.ts';
import { answering, openNetworks } from '../networks.ts';
import { lookOf, print, printJson } from '../terminal.ts';
import { type OpenToken, openChosenToken, type TokenChoice } from '../token.ts';

export interface RunOptions extends TokenChoice {
  readonly json?: true;
  readonly seed?: number;
}

/** `vnsim run FILE…`: every file is checked before any is run, so that a mistake in the last one costs nothing. */
export async function runCommand(files: readonly string[], options: RunOptions): Promise<void> {
  const token = await openChosenToken(options);
  let progress: Progress = { done: 0, passed: 0, failed: 0 };
  const note = (reached: Progress): void => {
    progress = reached;
  };
  try {
    const work = performAll(files, loadOptions(options, token), note);
    const ran = await performInterruptibly(work, () => doneWords(files, progress));
    if (options.json === true) printJson(ran);
    else print(`${ran.text({}, lookOf(process.stdout))}${token?.words ?? ''}`);
    if (ran.failed > 0) process.exitCode = EXIT.failed;
  } finally {
    token?.close();
  }
}

function loadOptions({ seed }: RunOptions, token: OpenToken | null): LoadOptions {
  return { ...(seed === undefined ? {} : { seed }), ...(token === null ? {} : { backend: token.backend }) };
}

function* performAll(
  files: readonly string[],
  options: LoadOptions,
  note: (progress: Progress) => void,
): Generator<undefined, Ran> {
  const networks: readonly Network[] = yield* openNetworks(files, options);
  const work = answering(running(...networks));
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
    note(next.value);
    yield;
  }
}

function doneWords(files: readonly string[], { done, passed, failed }: Progress): string {
  return `${done} of ${files.length} scenarios were done, ${passed} checks passed, ${failed} failed`;
}
