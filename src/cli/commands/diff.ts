import { diff } from '../../library/index.ts';
import { EXIT } from '../exit.ts';
import { answered, openNetwork } from '../networks.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface DiffOptions {
  readonly json?: true;
}

/** `vnsim diff BEFORE AFTER`: what a change opens and closes. Like diff, it ends with 1 where something differs. */
export function diffCommand(before: string, after: string, options: DiffOptions): void {
  const [one, other] = [openNetwork(before), openNetwork(after)];
  const compared = answered(() => diff(one, other));
  if (options.json === true) printJson(compared);
  else print(compared.text({}, lookOf(process.stdout)));
  if (!compared.same) process.exitCode = EXIT.failed;
}
