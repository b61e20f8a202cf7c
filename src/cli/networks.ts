import { type LoadOptions, loadNetwork, type Network, VnsimError } from '../library/index.ts';
import { type AnyComplaint, Complaints } from './complaint.ts';
import { besides, readInput } from './files.ts';
import { tell } from './report-complaints.ts';

/** The network of a file; warnings are told. */
export function openNetwork(file: string, steps?: LoadOptions['steps']): Network {
  const network = read(file, steps === undefined ? {} : { steps });
  tell(network.warnings);
  return network;
}

/** Those of several files, or the complaints about all of them thrown, so that none is run when one is broken. Pauses between files. */
export function* openNetworks(
  files: readonly string[],
  options: Pick<LoadOptions, 'seed' | 'backend'>,
): Generator<undefined, readonly Network[]> {
  const networks: Network[] = [];
  const complaints: AnyComplaint[] = [];
  for (const file of files) {
    try {
      const network = read(file, options);
      networks.push(network);
      complaints.push(...network.warnings);
    } catch (error) {
      if (!(error instanceof Complaints)) throw error;
      complaints.push(...error.all);
    }
    yield;
  }
  if (networks.length < files.length) throw new Complaints(complaints);
  tell(complaints);
  return networks;
}

function read(file: string, options: LoadOptions): Network {
  const content = readInput(file);
  const others = (named: string): Network => openNetwork(besides(file, named));
  return answered(() => loadNetwork(content, { file, others, ...options }));
}

/** What the library answers; what it complains of ends the command. */
export function answered<Answer>(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (error) {
    if (error instanceof VnsimError) throw new Complaints(error.complaints);
    throw error;
  }
}

/** The same where the library answers with pauses. */
export function* answering<Pause, Answer>(work: Generator<Pause, Answer>): Generator<Pause, Answer> {
  for (;;) {
    const next = answered(() => work.next());
    if (next.done === true) return next.value;
    yield next.value;
  }
}
