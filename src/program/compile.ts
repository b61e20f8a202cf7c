import type { Ipv4, Mac } from '../address/index.ts';
import { present } from '../base/index.ts';
import {
  displayNames,
  type Hsm,
  type Instance,
  type Model,
  type NatInstance,
  OVERLAY,
  type Subnet,
} from '../model/index.ts';
import { type End, LATENCY, ProgramBuilder } from './builder.ts';
import { connectHsm } from './hsm-port.ts';
import { EVERYTHING, edgeMachine, type Nic } from './machine.ts';
import { compileNat, type NatSide, subnetOwners } from './nat.ts';
import type { Program } from './program.ts';
import { compileRack, connectThroughRack, OVERLAY_MAC } from './rack.ts';
import type { Origin } from './stages.ts';
import { compileSubstrate, endNamed, type Substrate } from './substrate.ts';
import { fillPort, NetworkPlan, type Port, reservePort, routerAddress } from './virtual-network.ts';

/** Everything that has a port in a virtual network, waiting until all ports are known. */
interface Pending {
  readonly plan: NetworkPlan;
  readonly fill: () => void;
}

/**
 * Model to Program: what each device will do, as data.
 *
 * Ports are declared first, since every virtual switch must know where all the others are; then the stages are
 * filled in. The same model always gives the same Program.
 */
export function compile(model: Model): Program {
  const builder = new ProgramBuilder(model.failures);
  const names = displayNames(model);
  const substrate = compileSubstrate(builder, model);
  const rack = compileRack(builder, substrate);
  const plans = new Map<string, NetworkPlan>();
  for (const network of Object.values(model.networks)) plans.set(network.id, new NetworkPlan(network));
  const context: Context = { builder, model, names, substrate, plans };

  const pending: Pending[] = [];
  for (const instance of Object.values(model.instances)) pending.push(declareInstance(context, instance));
  const hsmDevices = new Map<string, number>();
  for (const hsm of Object.values(model.hsms)) {
    hsmDevices.set(hsm.name, builder.device(hsm.name, named(names, hsm.name), 'hsm', 'provider', hsm.zone));
  }
  const placed = new Set<string>();
  const afterwards: (() => void)[] = [];
  for (const nat of Object.values(model.natInstances)) {
    const hsm = present(model.hsms[nat.hsm], `HSM ${nat.hsm} of ${nat.id}`);
    pending.push(...declareNat(context, nat, hsm));
    placed.add(hsm.name);
    const plan = present(plans.get(nat.network), `network ${nat.network}`);
    const subnet = serviceSubnet(model, nat);
    const device = present(hsmDevices.get(hsm.name), `device of ${hsm.name}`);
    if (nat.attachment === 'direct') {
      afterwards.push(declareDirectHsm(context, nat, hsm, device, plan, subnet));
    } else {
      const arrival = builder.reserve(`${OVERLAY}/${plan.network.id}:vn`, rack.overlay);
      plan.attachGateway({
        owner: OVERLAY,
        address: null,
        mac: OVERLAY_MAC,
        subnet: subnet.block,
        end: endNamed(substrate, OVERLAY),
        inward: arrival,
      });
      const vlan = present(plan.network.vlan, 'a service network has a VLAN');
      afterwards.push(() => {
        connectThroughRack(rack, model, substrate, plan, subnet, arrival, vlan, hsm);
        connectHsm(rack, hsm, device, plan.network);
      });
    }
  }

  for (const plan of plans.values()) plan.connect(builder);
  for (const { fill } of pending) fill();
  for (const fill of afterwards) fill();
  for (const hsm of Object.values(model.hsms)) {
    if (!placed.has(hsm.name)) connectHsm(rack, hsm, present(hsmDevices.get(hsm.name), hsm.name), null);
  }
  return builder.finish();
}

interface Context {
  readonly builder: ProgramBuilder;
  readonly model: Model;
  readonly names: ReadonlyMap<string, string>;
  readonly substrate: Substrate;
  readonly plans: ReadonlyMap<string, NetworkPlan>;
}

function declareInstance(context: Context, instance: Instance): Pending {
  const { builder, model, names, substrate, plans } = context;
  const name = named(names, instance.id);
  const vni = present(model.interfaces[instance.interface], `interface of ${instance.id}`);
  const subnet = present(model.subnets[vni.subnet], `subnet of ${vni.id}`);
  const plan = present(plans.get(vni.network), `network of ${vni.id}`);
  const device = builder.device(instance.id, name, 'instance', instance.customer, subnet.zone);
  const port = reservePort(builder, plan, subnet, vni, endNamed(substrate, vni.server), null, name);
  const end = builder.end(device, 'eth0', `interface of ${name}`, vni.mac);
  const ingress = builder.reserve(`${instance.id}/eth0`, device);
  const origin: Origin = { record: `instance ${name}`, source: instance.from };
  return {
    plan,
    fill: () => {
      fillPort(builder, model, plan, subnet, vni, port, { end, ingress, name });
      const nic = guestNic(builder, device, `${instance.id}/eth0`, vni, port, end, plan, subnet, origin);
      edgeMachine(nic, ingress, [
        { block: subnet.block, via: null, from: subnet.from },
        { block: EVERYTHING, via: routerAddress(subnet.block), from: subnet.from },
      ]);
    },
  };
}

function guestNic(
  builder: ProgramBuilder,
  device: number,
  name: string,
  vni: { readonly mac: Mac; readonly address: Ipv4 },
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

function declareNat(context: Context, nat: NatInstance, hsm: Hsm): Pending[] {
  const { builder, model, names, substrate, plans } = context;
  const device = builder.device(
    nat.id,
    named(names, nat.id),
    'nat-instance',
    'provider',
    model.servers[nat.server]?.zone ?? null,
  );
  const sides = [nat.outer, nat.inward].map((id, index) => {
    const vni = present(model.interfaces[id], `interface ${id}`);
    const subnet = present(model.subnets[vni.subnet], `subnet of ${id}`);
    const plan = present(plans.get(vni.network), `network of ${id}`);
    const port = reservePort(
      builder,
      plan,
      subnet,
      vni,
      endNamed(substrate, vni.server),
      named(names, vni.id),
      builder.deviceName(device),
    );
    const end = builder.end(
      device,
      `eth${index}`,
      `${named(names, vni.id)} of ${builder.deviceName(device)}`,
      vni.mac,
    );
    const ingress = builder.reserve(`${nat.id}/eth${index}`, device);
    return { vni, subnet, plan, port, end, ingress };
  });
  const [outer, inward] = [present(sides[0], 'the outer side'), present(sides[1], 'the inward side')];
  const side = (part: typeof outer): NatSide => ({
    ...part,
    neighbours: subnetOwners(part.plan.attachments, part.subnet),
  });
  return [
    {
      plan: outer.plan,
      fill: () => {
        for (const part of [outer, inward]) {
          fillPort(builder, model, part.plan, part.subnet, part.vni, part.port, {
            end: part.end,
            ingress: part.ingress,
            name: builder.deviceName(device),
          });
        }
        compileNat(builder, nat, hsm, device, side(outer), side(inward));
      },
    },
  ];
}

/** D-12: the module on a link of the NAT instance's own server, as if it were a guest of the service network. */
function declareDirectHsm(
  context: Context,
  nat: NatInstance,
  hsm: Hsm,
  device: number,
  plan: NetworkPlan,
  subnet: Subnet,
): () => void {
  const { builder, model, substrate } = context;
  const server = endNamed(substrate, nat.server);
  const name = builder.deviceName(device);
  const origin: Origin = { record: `HSM ${name}`, source: hsm.from };
  const serverEnd = builder.end(server.device, name, `direct link to ${name}`, null);
  const end = builder.end(device, 'eth0', `network port of ${name}`, hsm.mac);
  const ingress = builder.reserve(`${name}/eth0`, device);
  const outward = builder.reserve(`${name}/port`, server.device);
  const inward = builder.place(`${name}/in`, server.device, [
    builder.transmit(origin, serverEnd, end, ingress, LATENCY.rack),
  ]);
  plan.attachGateway({
    owner: name,
    address: hsm.address,
    mac: hsm.mac,
    subnet: subnet.block,
    end: server,
    inward,
  });
  return () => {
    const back = builder.place(`${name}/back`, server.device, [
      builder.transmit(origin, serverEnd, end, ingress, LATENCY.rack),
    ]);
    builder.fill(outward, [
      { kind: 'guard', from: origin, interface: name, mac: hsm.mac, addresses: [hsm.address] },
      { kind: 'locate', from: origin, ...plan.locate(model, server, subnet, true, back) },
    ]);
    const nic: Nic = {
      ...guestNic(
        builder,
        device,
        `${name}/eth0`,
        hsm,
        { end: serverEnd, outward },
        end,
        plan,
        subnet,
        origin,
      ),
      latency: LATENCY.rack,
    };
    edgeMachine(nic, ingress, [{ block: subnet.block, via: null, from: subnet.from }]);
  };
}

function serviceSubnet(model: Model, nat: NatInstance): Subnet {
  const vni = present(model.interfaces[nat.inward], `inward interface of ${nat.id}`);
  return present(model.subnets[vni.subnet], `subnet of ${vni.id}`);
}

function named(names: ReadonlyMap<string, string>, id: string): string {
  return names.get(id) ?? id;
}
