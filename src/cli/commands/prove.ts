import { basename, join } from 'node:path';
import { type Proofs, prove } from '../../library/index.ts';
import { EXIT } from '../exit.ts';
import { makeDirectory, writeOutput } from '../files.ts';
import { answered, openNetwork } from '../networks.ts';
import { complain, lookOf, print, printJson } from '../terminal.ts';

export interface ProveOptions {
  readonly json?: true;
  /** a directory for scenario files that show refuted claims */
  readonly witness?: string;
}

/** `vnsim prove FILE [CLAIM…]`: for all packets that any machine could send, after the last step. */
export function proveCommand(file: string, texts: readonly string[], options: ProveOptions): void {
  const network = openNetwork(file);
  const proofs = answered(() => prove(network, ...texts));
  if (options.json === true) printJson(proofs);
  else print(proofs.text({}, lookOf(process.stdout)));
  if (options.witness !== undefined) writeWitnesses(options.witness, file, proofs);
  const verdicts = proofs.claims.map(({ verdict }) => verdict);
  if (verdicts.includes('refuted') || verdicts.includes('vacuous')) process.exitCode = EXIT.failed;
  else if (verdicts.includes('undecided')) process.exitCode = EXIT.undecided;
}

/** One file for each refuted claim, numbered as the claims are. */
function writeWitnesses(directory: string, file: string, proofs: Proofs): void {
  makeDirectory(directory);
  const name = basename(file).replace(/\.[^.]*$/, '');
  for (const [index, witness] of proofs.witnesses().entries()) {
    if (witness === null) continue;
    const path = join(directory, `${name}-claim-${index + 1}.yaml`);
    writeOutput(path, new TextEncoder().encode(witness.text));
    const how = witness.shown ? 'its packets fail' : 'its claim fails';
    complain(`wrote ${path}: run it, and ${how}\n`);
  }
}
