import { type Detail, renderDeeds, renderTrace, type TraceDocument, traceDocument } from '../report/index.ts';
import { converse, type StimulusText, withSteps } from '../scenario/index.ts';
import { VnsimError } from './complaint.ts';
import { type Answer, withText } from './document.ts';
import { insidesOf, type Network, orThrow, ownWorldOf } from './network.ts';
import { demandPlain } from './plain.ts';

/** What somebody sends, written as what a scenario sends: `{ from: 'app-310', to: '10.0.0.201', tcp: { port: 1792 } }`. */
export type Packet = StimulusText;

/** One packet on its way, and the reply: `vnsim.trace/1`. */
export type Traced = Answer<TraceDocument, TraceTextOptions>;

/** How a trace is told to people. */
export interface TraceTextOptions {
  /** `summary` unless something else is asked for */
  readonly detail: Detail;
  /** whether the way of the reply is told too. Default: yes */
  readonly both: boolean;
}

/**
 * Sends one packet through a network and tells its way: every device, every stage, the rule that decided and the line of the
 * scenario that it came from. The network stays as it is: what the packet opened is forgotten.
 *
 * Where it talks to a security module (`console`, `pkcs11`), what the module did with each request is told as well.
 *
 * Where a machine sends over TCP, the packet is its SYN, and the reply the answer to that.
 *
 * @throws {VnsimError} where the packet is none (an unknown name, a port that is no port), or where its sender sends nothing
 */
export function trace(network: Network, packet: Packet): Traced {
  const { scenario } = insidesOf(network);
  demandPlain(packet, 'the packet');
  const asked = orThrow(withSteps(scenario, [{ send: packet }], 'the packet'));
  const step = asked.steps.at(-1);
  const [stimulus] = step?.kind === 'send' ? step.packets : [];
  const world = ownWorldOf(network);
  if (stimulus === undefined || !world.machines.has(stimulus.from.id)) {
    throw VnsimError.about('usage/name', `${String(packet.from)} is no machine of the network any more`);
  }
  const [{ request = null, reply = null, failed = null, deeds = [] } = {}] = converse(world, [stimulus]);
  if (request === null) throw VnsimError.about('usage/nothing-sent', failed ?? `${packet.from} sent nothing`);
  const exchange = { program: world.engine.program, request, reply };
  const options: TraceTextOptions = { detail: 'summary', both: true };
  return withText(traceDocument(exchange, deeds), options, ({ detail, both }, look) => {
    const way = renderTrace(both ? exchange : { ...exchange, reply: null }, detail, look);
    return stimulus.talk === null ? way : way + renderDeeds(world.model, deeds, look);
  });
}
