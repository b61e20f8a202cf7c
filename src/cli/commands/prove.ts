import { basename, join } from 'node:path';
import { proving, type WitnessScenario } from '../../library/index.ts';
import { EXIT } from '../exit.ts';
import { makeDirectory, writeOutput } from '../files.ts';
import { answered, openNetwork } from '../networks.ts';
import { type Claims, isSupervised, report, type SoFar, supervise, type Why } from '../supervision.ts';
import { complain, lookOf, print, printJson } from '../terminal.ts';

export interface ProveOptions {
  readonly json?: true;
  /** a directory for scenario files that show refuted claims */
  readonly witness?: string;
  /** seconds */
  readonly time?: number;
  /** megabytes */
  readonly memory?: number;
}

/**
 * `vnsim prove FILE [CLAIM…]`: for all packets that any machine could send, after the last step. A process of its own does
 * it, so that this one hears an interrupt and sees what it costs.
 */
export async function proveCommand(
  file: string,
  texts: readonly string[],
  options: ProveOptions,
): Promise<void> {
  if (isSupervised()) {
    await decideHere(file, texts, options);
    return;
  }
  const { claims, soFar, stopped, exitCode } = await supervise({
    time: options.time ?? null,
    memory: options.memory ?? null,
  });
  if (exitCode !== null) {
    process.exitCode = exitCode;
    return;
  }
  tellResult(claims, soFar, stopped, options);
  if (options.witness !== undefined) writeWitnesses(options.witness, file, soFar.witnesses);
  process.exitCode = codeOf(soFar, stopped);
}

/** Decides one claim after the other and reports each. */
async function decideHere(file: string, texts: readonly string[], { witness }: ProveOptions): Promise<void> {
  const network = openNetwork(file);
  const work = proving(network, ...texts);
  const look = lookOf(process.stdout);
  for (;;) {
    const next = answered(() => work.next());
    if (next.done === true) break;
    const { claims, proofs } = next.value;
    const isLast = proofs.claims.length === claims.length;
    const witnesses = isLast && witness !== undefined ? proofs.witnesses() : [];
    await report({ claims, soFar: { text: proofs.text({}, look), document: proofs, witnesses } });
  }
  process.disconnect?.();
}

const WORDS: { readonly [W in Why]: (options: ProveOptions) => string } = {
  time: ({ time }) => `the time is up: ${time} s`,
  memory: ({ memory }) => `it would take more memory than ${memory} MB`,
  interrupt: () => 'interrupted',
};

function tellResult(claims: Claims, soFar: SoFar, stopped: Why | null, options: ProveOptions): void {
  const rest = claims.slice(soFar.document.claims.length);
  const why = stopped === null ? '' : WORDS[stopped](options);
  if (options.json === true) {
    const undecided = rest.map((text) => ({
      text,
      verdict: 'undecided',
      message: `not decided: ${why}`,
      assumptions: [],
      line: 0,
    }));
    printJson({ ...soFar.document, claims: [...soFar.document.claims, ...undecided] });
    return;
  }
  if (stopped === null || soFar.document.claims.length > 0) print(soFar.text);
  if (stopped === null) return;
  const what = claims.length === 0 ? 'nothing was decided' : 'not decided:';
  complain(`\n${why}; ${what}\n${rest.map((text) => `  ${text}\n`).join('')}`);
}

function codeOf({ document: { claims } }: SoFar, stopped: Why | null): number {
  if (stopped === 'interrupt') return EXIT.interrupted;
  const verdicts = claims.map(({ verdict }) => verdict);
  if (verdicts.includes('refuted') || verdicts.includes('vacuous')) return EXIT.failed;
  return stopped !== null || verdicts.includes('undecided') ? EXIT.undecided : EXIT.ok;
}

/** One file for each refuted claim, numbered as the claims are. */
function writeWitnesses(
  directory: string,
  file: string,
  witnesses: readonly (WitnessScenario | null)[],
): void {
  makeDirectory(directory);
  const name = basename(file).replace(/\.[^.]*$/, '');
  for (const [index, witness] of witnesses.entries()) {
    if (witness === null) continue;
    const path = join(directory, `${name}-claim-${index + 1}.yaml`);
    writeOutput(path, new TextEncoder().encode(witness.text));
    const how = witness.shown ? 'its packets fail' : 'its claim fails';
    complain(`wrote ${path}: run it, and ${how}\n`);
  }
}
