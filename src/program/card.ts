import { prefixTable, single } from '../address/index.ts';
import { type Nanos, nanos } from '../base/index.ts';
import type { Hsm } from '../model/index.ts';
import type { NewStage } from './builder.ts';
import { type Compilation, named } from './compilation.ts';
import { acceptOn, edgeMachine, entriesFor, gatherAt, type Nic, type ReachedBy, wireOf } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';

/** What the bus takes: beside a network nobody would notice it. */
const NO_TIME: Nanos = nanos(0);

/** The devices of a module: itself, and what stands on the network for it. */
export interface ModuleDevices {
  readonly module: number;
  /** the computer that it is a card in, or the module itself */
  readonly front: number;
}

/** Declares a module, and its computer where it is a card. */
export function declareModule(
  { builder, names }: Pick<Compilation, 'builder' | 'names'>,
  hsm: Hsm,
): ModuleDevices {
  const module = builder.device(hsm.name, named(names, hsm.name), 'hsm', 'provider', hsm.zone);
  if (hsm.host === null) return { module, front: module };
  return {
    module,
    front: builder.device(hsm.host, named(names, hsm.host), 'hsm-host', 'provider', hsm.zone),
  };
}

/**
 * A module at the end of its link. As a card (N-27) it has none: the computer that it is plugged into has the address, answers ARP, and
 * hands the card what comes, over a bus that is drawn as a link. Clients cannot tell one from the other.
 */
export function moduleMachine(
  nic: Nic,
  ingress: PlaceId,
  routes: readonly ReachedBy[],
  { module, front }: ModuleDevices,
): void {
  if (module === front) {
    edgeMachine(nic, ingress, routes);
    return;
  }
  const { builder, name, origin } = nic;
  const card = builder.deviceName(module);
  const slot = builder.end(front, card, `slot of ${card}`, null);
  const contacts = builder.end(module, 'bus', `contacts of ${card}`, null);
  const inside = builder.reserve(`${card}/bus`, module);
  const out = builder.reserve(`${name}:out`, front);
  const toCard = builder.transmit(origin, slot, contacts, inside, NO_TIME);
  const toNetwork = builder.place(`${card}/bus:out`, module, [
    builder.transmit(origin, contacts, slot, out, NO_TIME),
  ]);
  // pieces cross the bus as they come: it carries no longer packets than the link
  const deliver: NewStage = { kind: 'deliver', from: origin, host: builder.hostCount() };
  builder.fill(inside, [gatherAt(nic, toNetwork), deliver]);
  const loopback = builder.place(`${name}:itself`, front, [toCard]);
  const itself = { block: single(nic.address), towards: 'itself', to: loopback, from: origin.source };
  builder.fill(ingress, [acceptOn(nic, 'ends'), toCard]);
  const entries = [itself, ...entriesFor(nic, routes, NOWHERE)];
  builder.fill(out, [
    {
      kind: 'route',
      from: origin,
      name: `routes of ${builder.deviceName(front)}`,
      table: prefixTable(entries.map((value) => ({ block: value.block, value }))),
      forwards: false,
      itself: NOWHERE,
      errors: NOWHERE,
      address: nic.address,
    },
  ]);
  builder.host({
    device: module,
    address: nic.address,
    mac: nic.mac,
    out: toNetwork,
    wire: wireOf(nic),
    port: nic.wire,
    mtu: builder.mtu(nic.near, nic.far),
  });
}
