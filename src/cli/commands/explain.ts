import { CODE_TABLES, explainCode, listCodes } from '../../report/index.ts';
import { complaint } from '../complaint.ts';
import { lookOf, print } from '../terminal.ts';
import { USAGE_CODES } from '../usage-codes.ts';

/** `vnsim explain [CODE]`: what a drop reason or an error code means; without a code, all of them. */
export function explainCommand(code: string | undefined): void {
  const look = lookOf(process.stdout);
  const tables = [...CODE_TABLES, USAGE_CODES];
  if (code === undefined) {
    print(listCodes(look, tables));
    return;
  }
  const answer = explainCode(code, look, tables);
  if (!answer.found) {
    const [message = '', help = null] = answer.text.trimEnd().split('\n');
    throw complaint('usage/code', message, help === null ? null : help.trim());
  }
  print(answer.text);
}
