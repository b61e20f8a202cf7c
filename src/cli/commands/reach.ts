import { reach } from '../../library/index.ts';
import { answered, openNetwork } from '../networks.ts';
import { lookOf, print, printJson } from '../terminal.ts';

export interface ReachOptions {
  readonly port?: string;
  readonly proto?: 'tcp' | 'udp' | 'icmp';
  readonly after?: number;
  readonly json?: true;
}

/** `vnsim reach FILE FROM TO`: exactly what gets through; where nothing does, everything that is in the way. */
export function reachCommand(file: string, from: string, to: string, options: ReachOptions): void {
  const network = openNetwork(file, options.after ?? 'building');
  const reached = answered(() => reach(network, from, to, trafficMeant(options)));
  if (options.json === true) printJson(reached);
  else print(reached.text({}, lookOf(process.stdout)));
}

/** A port makes it TCP, unless `--proto` says otherwise; neither means everything. */
function trafficMeant({ port, proto }: ReachOptions): string {
  if (port === undefined) return proto ?? 'any';
  return `${proto ?? 'tcp'}/${port}`;
}
