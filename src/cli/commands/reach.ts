import { reachDocument, renderReach } from '../../report/index.ts';
import { parseTraffic, prepareWorld, reachBetween } from '../../scenario/index.ts';
import { complaint } from '../complaint.ts';
import { momentAfter } from '../moment.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { lookOf, print, printJson } from '../terminal.ts';
import { waysOut } from '../ways-out.ts';

export interface ReachOptions {
  readonly port?: string;
  readonly proto?: 'tcp' | 'udp' | 'icmp';
  readonly after?: number;
  readonly json?: true;
}

/** `vnsim reach FILE FROM TO`: exactly what gets through; where nothing does, everything that is in the way. */
export function reachCommand(file: string, from: string, to: string, options: ReachOptions): void {
  const carried = carriedMeant(options);
  const scenario = openScenario(file);
  const world = orComplain(prepareWorld(scenario, momentAfter(scenario, options.after)));
  const reached = reachBetween(world, from, to, carried);
  if (!reached.ok) throw complaint('usage/name', reached.fault.message, waysOut(reached.fault.choices));
  if (options.json === true) printJson(reachDocument(reached.value));
  else print(renderReach(reached.value, lookOf(process.stdout)));
}

/** A port makes it TCP, unless `--proto` says otherwise; neither means everything. */
function carriedMeant({ port, proto }: ReachOptions): Parameters<typeof reachBetween>[3] {
  if (port === undefined && proto === undefined) return null;
  const traffic = parseTraffic(`${proto ?? 'tcp'}${port === undefined ? '' : `/${port}`}`);
  if (!traffic.ok) throw complaint('usage/port', traffic.fault.message, traffic.fault.help);
  const { protocol, ports } = traffic.value;
  return protocol === 'any' ? null : { protocol, ports };
}
