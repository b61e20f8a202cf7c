import { present } from '../base/index.ts';
import { displayNames, type Hsm, type Model, type NatInstance, type Subnet } from '../model/index.ts';
import { compileBorders } from './borders.ts';
import { ProgramBuilder } from './builder.ts';
import { declareModule, type ModuleDevices } from './card.ts';
import type { Compilation, Pending } from './compilation.ts';
import { declareDirectHsm } from './direct-hsm.ts';
import { connectHsm } from './hsm-port.ts';
import { impaired } from './impairment.ts';
import { declareInstance } from './instance.ts';
import { declareNat } from './nat-instance.ts';
import type { Program } from './program.ts';
import { compileRacks, edgeOf, rackOf } from './rack.ts';
import { declareWay, type RackWay } from './rack-nics.ts';
import { connectThroughRack } from './rack-way.ts';
import type { RevokedShare } from './route-targets.ts';
import { compileSubstrate } from './substrate.ts';
import { NetworkPlan } from './virtual-network.ts';

/**
 * Model to Program: what each device will do, as data.
 *
 * Ports are declared first, since every virtual switch must know where all the others are; then the stages are
 * filled in. The same model always gives the same Program.
 */
export function compile(model: Model): Program {
  const builder = new ProgramBuilder(model);
  const names = displayNames(model);
  const substrate = compileSubstrate(builder, model, names);
  const edges = compileRacks(builder, model, substrate);
  const plans = new Map<string, NetworkPlan>();
  for (const network of Object.values(model.networks)) plans.set(network.id, new NetworkPlan(network));
  const revoked = revokedShares(model);
  const compilation: Compilation = { builder, model, names, substrate, plans, revoked };

  const pending: Pending[] = [];
  for (const instance of Object.values(model.instances)) pending.push(declareInstance(compilation, instance));
  const modules = new Map<string, ModuleDevices>();
  for (const hsm of Object.values(model.hsms)) {
    modules.set(hsm.name, declareModule(compilation, hsm));
  }
  const placed = new Set<string>();
  const ways = new Map<Hsm, RackWay[]>();
  const afterwards: (() => void)[] = compileBorders(compilation);
  for (const nat of Object.values(model.natInstances)) {
    const hsm = present(model.hsms[nat.hsm], `HSM ${nat.hsm} of ${nat.id}`);
    pending.push(...declareNat(compilation, nat, hsm));
    // one way to the module for each service network, however many NAT instances stand before it
    if (placed.has(nat.network)) continue;
    placed.add(nat.network);
    const plan = present(plans.get(nat.network), `network ${nat.network}`);
    const subnet = serviceSubnet(model, nat);
    const device = present(modules.get(hsm.name), `devices of ${hsm.name}`);
    if (nat.attachment === 'direct') {
      afterwards.push(declareDirectHsm(compilation, nat, hsm, device, plan, subnet));
    } else if (hsm.shares[nat.customer]?.revoked !== true) {
      const edge = edgeOf(edges, hsm);
      const way = declareWay(compilation, edge, hsm, subnet);
      const toModule = ways.get(hsm) ?? [];
      toModule.push(way);
      ways.set(hsm, toModule);
      afterwards.push(() => {
        const others = toModule.filter((other) => other !== way);
        const isHost = hsm.assignedTo === nat.network;
        const host = isHost ? way : others.find(({ plan: { network } }) => network.id === hsm.assignedTo);
        connectThroughRack(edge, compilation, substrate, way, present(host, `host of ${hsm.name}`), others);
        if (!isHost) return;
        const guests = others.map((other) => other.plan.network);
        connectHsm(rackOf(edge, hsm), hsm, device, plan.network, guests);
      });
    }
  }

  for (const plan of plans.values()) plan.connect(builder, model.distances);
  for (const { fill } of pending) fill();
  for (const fill of afterwards) fill();
  for (const hsm of Object.values(model.hsms)) {
    if (placed.has(hsm.assignedTo ?? '')) continue;
    const device = present(modules.get(hsm.name), hsm.name);
    connectHsm(rackOf(edgeOf(edges, hsm), hsm), hsm, device, null, []);
  }
  return impaired(builder.finish(), model.impairments);
}

function revokedShares(model: Model): ReadonlyMap<string, RevokedShare> {
  const revoked = new Map<string, RevokedShare>();
  for (const { name, shares } of Object.values(model.hsms)) {
    for (const share of Object.values(shares)) {
      if (share.revoked && share.network !== null)
        revoked.set(share.network, { hsm: name, from: share.from });
    }
  }
  return revoked;
}

function serviceSubnet(model: Model, nat: NatInstance): Subnet {
  const vni = present(model.interfaces[nat.inward], `inward interface of ${nat.id}`);
  return present(model.subnets[vni.subnet], `subnet of ${vni.id}`);
}
