import { present } from '../base/index.ts';
import type { Hsm, NatInstance } from '../model/index.ts';
import { type Compilation, named, type Pending } from './compilation.ts';
import { compileNat, type NatSide, subnetOwners } from './nat.ts';
import { endNamed } from './substrate.ts';
import { fillPort, reservePort } from './virtual-network.ts';

/** NAT instance 322 behind its two ports: VNI 314 in the customer's network, VNI 324 in the service network. */
export function declareNat(compilation: Compilation, nat: NatInstance, hsm: Hsm): Pending[] {
  const { builder, model, names, substrate, plans } = compilation;
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
