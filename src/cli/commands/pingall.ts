import { pingall } from '../../library/index.ts';
import { answered, openNetwork } from '../networks.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface PingallOptions {
  readonly json?: true;
  readonly after?: number;
  /** decide for all pings by sets instead of sending one of each */
  readonly sets?: true;
}

/** `vnsim pingall FILE`: every machine pings every address that anything in the scenario has. */
export function pingallCommand(file: string, options: PingallOptions): void {
  const network = openNetwork(file, options.after ?? 'building');
  const pinged = answered(() => pingall(network, options.sets === true ? 'sets' : 'engine'));
  if (options.json === true) printJson(pinged);
  else print(pinged.text({}, lookOf(process.stdout)));
}
