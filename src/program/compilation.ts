import type { Ip, Mac } from '../address/index.ts';
import type { Model, Subnet } from '../model/index.ts';
import { type End, LATENCY, type ProgramBuilder } from './builder.ts';
import type { Nic } from './machine.ts';
import { subnetOwners } from './nat.ts';
import type { RevokedShare } from './route-targets.ts';
import type { Origin } from './stages.ts';
import type { Substrate } from './substrate.ts';
import type { NetworkPlan, Port } from './virtual-network.ts';

/** Everything that has a port in a virtual network, waiting until all ports are known. */
export interface Pending {
  readonly plan: NetworkPlan;
  readonly fill: () => void;
}

/** What everybody who declares a machine needs. */
export interface Compilation {
  readonly builder: ProgramBuilder;
  readonly model: Model;
  readonly names: ReadonlyMap<string, string>;
  readonly substrate: Substrate;
  readonly plans: ReadonlyMap<string, NetworkPlan>;
  readonly revoked: ReadonlyMap<string, RevokedShare>;
}

export function guestNic(
  builder: ProgramBuilder,
  device: number,
  name: string,
  vni: { readonly mac: Mac; readonly address: Ip },
  port: Pick<Port, 'end' | 'outward'>,
  end: End,
  plan: NetworkPlan,
  subnet: Subnet,
  origin: Origin,
): Nic {
  return {
    builder,
    device,
    name,
    mac: vni.mac,
    address: vni.address,
    vlan: null,
    table: builder.neighbourTable(name),
    origin,
    near: end,
    far: port.end,
    wire: port.outward,
    latency: LATENCY.virtualPort,
    owners: subnetOwners(plan.attachments, subnet),
  };
}

/** What people call a record. */
export function named(names: ReadonlyMap<string, string>, id: string): string {
  return names.get(id) ?? id;
}
