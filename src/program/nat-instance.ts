import { everywhere } from '../address/index.ts';
import { present } from '../base/index.ts';
import type { Hsm, NatInstance } from '../model/index.ts';
import { type Compilation, guestNic, named, type Pending } from './compilation.ts';
import { edgeMachine } from './machine.ts';
import { compileNat, type NatSide, subnetOwners } from './nat.ts';
import type { Origin } from './stages.ts';
import { endNamed } from './substrate.ts';
import { fillPort, reservePort, routerAddress } from './virtual-network.ts';

/**
 * NAT instance 322 behind its two ports: VNI 314 in the customer's network, VNI 324 in the service network. Where somebody
 * looks after it, a third one is for what it says itself; between that one and the other two nothing passes.
 */
export function declareNat(compilation: Compilation, nat: NatInstance, module: Hsm): Pending[] {
  const { builder, model, names, substrate, plans } = compilation;
  const hsm = { ...module, address: model.networks[nat.network]?.alias ?? module.address };
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
    ...declareOwn(compilation, nat, device),
    {
      plan: outer.plan,
      fill: () => {
        for (const part of [outer, inward]) {
          fillPort(compilation, part.plan, part.subnet, part.vni, part.port, {
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

/** The instance as a machine among others, with a stack of its own. */
function declareOwn(compilation: Compilation, nat: NatInstance, device: number): Pending[] {
  if (nat.own === null) return [];
  const { builder, model, substrate, plans } = compilation;
  const vni = present(model.interfaces[nat.own], `interface ${nat.own}`);
  const subnet = present(model.subnets[vni.subnet], `subnet of ${vni.id}`);
  const plan = present(plans.get(vni.network), `network of ${vni.id}`);
  const name = builder.deviceName(device);
  const port = reservePort(builder, plan, subnet, vni, endNamed(substrate, vni.server), null, name);
  const end = builder.end(device, 'eth2', `interface of ${name}`, vni.mac);
  const ingress = builder.reserve(`${nat.id}/eth2`, device);
  const origin: Origin = { record: `NAT instance ${name}`, source: nat.from };
  const fill = () => {
    fillPort(compilation, plan, subnet, vni, port, { end, ingress, name });
    const nic = guestNic(builder, device, `${nat.id}/eth2`, vni, port, end, plan, subnet, origin);
    edgeMachine(nic, ingress, [
      { block: subnet.block, via: null, from: subnet.from },
      { block: everywhere(subnet.block.address), via: routerAddress(subnet.block), from: subnet.from },
    ]);
  };
  return [{ plan, fill }];
}
