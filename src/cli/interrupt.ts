import { EXIT } from './exit.ts';
import { complain } from './terminal.ts';

/**
 * Does work that pauses now and then, and hears an interrupt in the pauses: the command then says what was done and
 * ends with exit code 130. Between two pauses nothing is half done.
 */
export async function performInterruptibly<Result>(
  work: Generator<unknown, Result>,
  whatIsDone: () => string,
): Promise<Result> {
  const stop = (): never => {
    complain(`\ninterrupted: ${whatIsDone()}\n`);
    process.exit(EXIT.interrupted);
  };
  process.on('SIGINT', stop);
  try {
    for (;;) {
      const pause = work.next();
      if (pause.done === true) return pause.value;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    process.off('SIGINT', stop);
  }
}
