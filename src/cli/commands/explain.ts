import { explainCode, listCodes } from '../../report/index.ts';
import { UsageError } from '../exit.ts';
import { lookOf, print } from '../terminal.ts';

/** `vnsim explain [CODE]`: what a drop reason or an error code means; without a code, all of them. */
export function explainCommand(code: string | undefined): void {
  const look = lookOf(process.stdout);
  if (code === undefined) {
    print(listCodes(look));
    return;
  }
  const answer = explainCode(code, look);
  if (!answer.found) throw new UsageError('usage/code', answer.text.trimEnd());
  print(answer.text);
}
