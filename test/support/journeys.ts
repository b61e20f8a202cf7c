import type { Ip } from '../../src/address/index.ts';
import type { Journey, Step } from '../../src/dataplane/index.ts';
import { type Frame, isIp, vxlanOf } from '../../src/packet/index.ts';
import type { Place } from '../../src/program/index.ts';
import { type Edge, type Network, tenantOf } from './networks.ts';
import type { Run } from './traffic.ts';

/* What the laws ask of a run: who caused a packet, whose place it was at, what its layers say. */

/** The frame in the middle of all wrappers. */
export function innermost(frame: Frame): Frame {
  return vxlanOf(frame)?.inner === undefined ? frame : innermost((vxlanOf(frame) as { inner: Frame }).inner);
}

/** The frame as a step let it go on. */
export function after({ before, outcome }: Step): Frame {
  return outcome.frame ?? before;
}

/** Addresses in all headers of a frame: wrappers, what they wrap, quotes and ARP. */
export function addressesIn(frame: Frame): readonly Ip[] {
  const { body } = frame;
  if (body.kind === 'arp') return [body.senderAddress, body.targetAddress];
  if (!isIp(body)) return [];
  const quoted = body.body.kind === 'icmp-error' ? body.body.quote.packet : null;
  const inner = vxlanOf(frame)?.inner;
  return [
    body.source,
    body.target,
    ...(quoted === null ? [] : [quoted.source, quoted.target]),
    ...(inner === undefined ? [] : addressesIn(inner)),
  ];
}

/** The journey at the beginning of the chain of causes. */
export function rootOf({ journeys }: Run, journey: Journey): Journey {
  let root = journey;
  while (root.cause !== null) {
    const cause = journeys[root.cause];
    if (cause === undefined) throw new Error(`journey ${root.cause} is kept`);
    root = cause;
  }
  return root;
}

/** The machine that sent a journey's frame, by its stack or past it; `null` where a device did. */
export function senderOf({ world, edges }: Network, journey: Journey): Edge | null {
  const { hosts } = world.engine.program;
  return (
    edges.find(({ host }) => {
      const entry = hosts[host];
      return journey.place.id === entry?.out || journey.place.id === entry?.port;
    }) ?? null
  );
}

/** Whose packet it is: the tenant of the machine that everything began with. */
export function causedBy(run: Run, journey: Journey): Edge {
  const root = rootOf(run, journey);
  const sender = senderOf(run.network, root);
  if (sender === null) throw new Error(`${root.place.name} begins a journey that nobody caused`);
  return sender;
}

/** Whose a place is: of one tenant alone, or `null` where it serves all. */
export function ownerOf({ world }: Network, place: Place): string | null {
  const { engine, model } = world;
  const found = /(?:^|\/)(acme|globex|initech)\//.exec(`${place.name}/`)?.[1];
  if (found !== undefined) return found;
  const hsm = /(?:^|\/)(hsm-\w+(?:-\d)?)[/:]/.exec(`${place.name}/`)?.[1];
  if (hsm !== undefined) return tenantOf(model, hsm);
  const { id = '', role } = engine.program.devices[place.device] ?? {};
  return role === 'instance' || role === 'hsm' || role === 'nat-instance' ? tenantOf(model, id) : null;
}

export interface Delivery {
  readonly journey: Journey;
  readonly step: Step;
  readonly to: Edge;
}

/** Everything that reached a machine. */
export function deliveriesOf({ network, journeys }: Run): readonly Delivery[] {
  return journeys.flatMap((journey) =>
    journey.steps.flatMap((step) => {
      const { stage } = step;
      if (stage.kind !== 'deliver' || step.outcome.verdict !== 'deliver') return [];
      const to = network.edges[stage.host];
      if (to === undefined) throw new Error(`host ${stage.host} is a machine`);
      return [{ journey, step, to }];
    }),
  );
}

export type Side = 'customer' | 'provider';

/** Which side of the NAT instance a place is on. */
export function sideOf({ world }: Network, place: Place): Side {
  const { model } = world;
  for (const { id } of Object.values(model.natInstances)) {
    if (place.name.startsWith(`${id}/`)) return place.name.startsWith(`${id}/eth0`) ? 'customer' : 'provider';
  }
  for (const { id, network } of Object.values(model.interfaces)) {
    if (place.name.startsWith(`${id}/`)) return sideOfNetwork(world.model, network);
  }
  // the channel and what it crosses belong to nobody else, and whoever is on the premises is the customer
  if (/(?:^|\/)(?:site-\d|vgw-2\d\d|lan-206)(?:[/:]|$)|^internet[/:]/.test(place.name)) return 'customer';
  const instances = Object.keys(model.instances);
  return instances.some((id) => place.name.startsWith(`${id}/`)) ? 'customer' : 'provider';
}

function sideOfNetwork(model: Network['world']['model'], network: string): Side {
  return model.networks[network]?.owner === 'customer' ? 'customer' : 'provider';
}

export interface SidedStep {
  readonly step: Step;
  /** where the frame is when the step is over */
  readonly side: Side;
}

/** A journey's steps, each with the side on which it leaves the frame: a translator leads to the other side. */
export function sidedSteps(network: Network, journey: Journey): readonly SidedStep[] {
  let side = sideOf(network, journey.place);
  return journey.steps.map((step) => {
    const { stage, outcome } = step;
    if (stage.kind === 'translate' && outcome.verdict === 'continue') {
      side = stage.direction === 'outward' ? 'provider' : 'customer';
    }
    return { step, side };
  });
}
