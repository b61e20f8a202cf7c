import type { Endpoint, Records } from '../model/index.ts';
import type { Refusal } from '../provider/index.ts';
import type { Listener } from './declared.ts';
import type { Path } from './said.ts';

/** Calls a verb for what stands at a path of the file. */
export type Ask = (where: Path, refusals: readonly Refusal[]) => void;

/** Applications as the model keeps them, by port. */
export function listeners(listen: readonly Listener[]): Records<Endpoint> {
  return Object.fromEntries(listen.map(({ port, endpoint }) => [port, endpoint]));
}
