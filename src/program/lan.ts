import { everywhere, type Ip, type Mac } from '../address/index.ts';
import type { Premises, SiteMachine } from '../model/index.ts';
import { LATENCY, type ProgramBuilder } from './builder.ts';
import { type Compilation, named } from './compilation.ts';
import { edgeMachine, type Nic } from './machine.ts';
import type { PlaceId, Role } from './program.ts';
import type { BridgePort, Origin } from './stages.ts';

/** The LAN of a customer's premises: one switch that learns and floods, without VLANs. */
export interface Lan {
  readonly builder: ProgramBuilder;
  readonly premises: Premises;
  readonly device: number;
  readonly bridge: number;
  readonly members: Map<number, BridgePort[]>;
  readonly owners: ReadonlyMap<Ip, Mac>;
  readonly origin: Origin;
}

export function openLan({ builder, model, names }: Compilation, premises: Premises): Lan {
  const { customer, lan, gateway, from } = premises;
  const owners = new Map<Ip, Mac>([[gateway.address, gateway.mac]]);
  for (const machine of Object.values(model.siteMachines)) {
    if (machine.customer === customer) owners.set(machine.address, machine.mac);
  }
  return {
    builder,
    premises,
    device: builder.device(lan, named(names, lan), 'lan-switch', customer, null),
    bridge: builder.bridge(lan),
    members: new Map([[0, []]]),
    owners,
    origin: { record: `the premises of ${customer}`, source: from },
  };
}

/** A machine that is about to be joined to the LAN. */
export interface LanStation {
  readonly id: string;
  readonly device: number;
  readonly mac: Mac;
  readonly address: Ip;
  readonly ingress: PlaceId;
  readonly origin: Origin;
}

/** A cable from the switch to a machine: gives the machine's own interface. */
export function joinLan(lan: Lan, station: LanStation): Nic {
  const { builder, bridge, members, owners, device: at, origin } = lan;
  const { id, device, mac, address, ingress } = station;
  const name = builder.deviceName(device);
  const near = builder.end(at, name, `port of ${builder.deviceName(at)} to ${name}`, null);
  const far = builder.end(device, 'lan0', `${name} on the premises`, mac);
  const out = builder.place(`${lan.premises.lan}/${id}:out`, at, [
    builder.transmit(origin, near, far, ingress, LATENCY.rack),
  ]);
  members.get(0)?.push({ name, to: out });
  const wire = builder.place(`${lan.premises.lan}/${id}`, at, [
    {
      kind: 'switch',
      from: origin,
      bridge,
      port: name,
      out,
      mode: { kind: 'unaware' },
      members,
      fixed: null,
    },
  ]);
  return {
    builder,
    device,
    name: `${id}/lan0`,
    mac,
    address,
    vlan: null,
    table: builder.neighbourTable(`${id}/lan0`),
    origin: station.origin,
    near: far,
    far: near,
    wire,
    latency: LATENCY.rack,
    owners,
  };
}

const ROLES: { readonly [K in SiteMachine['kind']]: Role } = { host: 'site-host', hsm: 'hsm', rped: 'rped' };

/** Client 218, HSM 216, RPED 214: machines with an IP stack of their own. */
export function declareSiteMachine(
  { builder, model, names }: Compilation,
  lan: Lan,
  machine: SiteMachine,
): void {
  const { id, customer, kind, mac, address, from } = machine;
  const name = named(names, id);
  const { block, gateway } = lan.premises;
  const device = builder.device(id, name, ROLES[kind], customer, null);
  const ingress = builder.reserve(`${id}/lan0`, device);
  const origin: Origin = { record: `${name} on the premises`, source: from };
  const nic = joinLan(lan, { id, device, mac, address, ingress, origin });
  const network = model.networks[customer];
  edgeMachine(nic, ingress, [
    { block, via: null, from: lan.premises.from },
    // the virtual network may have a part of the block of the premises: its addresses are not on the link
    ...(network === undefined ? [] : [{ block: network.block, via: gateway.address, from: network.from }]),
    { block: everywhere(gateway.address), via: gateway.address, from: lan.premises.from },
  ]);
}
