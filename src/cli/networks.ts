import { type LoadOptions, loadNetwork, type Network, VnsimError } from '../library/index.ts';
import { Complaints } from './complaint.ts';
import { besides, readInput } from './files.ts';
import { tell } from './report-complaints.ts';

/** The network of a file; warnings are told. */
export function openNetwork(file: string, steps?: LoadOptions['steps']): Network {
  const content = readInput(file);
  const others = (named: string): Network => openNetwork(besides(file, named));
  const network = answered(() =>
    loadNetwork(content, { file, others, ...(steps === undefined ? {} : { steps }) }),
  );
  tell(network.warnings);
  return network;
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
