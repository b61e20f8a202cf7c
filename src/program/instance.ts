import { everywhere } from '../address/index.ts';
import { present } from '../base/index.ts';
import type { Instance, VirtualNetwork } from '../model/index.ts';
import { type Compilation, guestNic, named, type Pending } from './compilation.ts';
import { edgeMachine } from './machine.ts';
import type { Origin } from './stages.ts';
import { endNamed } from './substrate.ts';
import { fillPort, reservePort, routerAddress } from './virtual-network.ts';

/** A customer's machine behind its port of the virtual switch. */
export function declareInstance(compilation: Compilation, instance: Instance): Pending {
  const { builder, model, names, substrate, plans } = compilation;
  const name = named(names, instance.id);
  const vni = present(model.interfaces[instance.interface], `interface of ${instance.id}`);
  const subnet = present(model.subnets[vni.subnet], `subnet of ${vni.id}`);
  const plan = present(plans.get(vni.network), `network of ${vni.id}`);
  const server = endNamed(substrate, vni.server);
  const role = instance.kind === 'load-balancer' ? 'load-balancer' : 'instance';
  const device = builder.device(instance.id, name, role, ownerOf(plan.network), server.zone);
  const port = reservePort(builder, plan, subnet, vni, server, null, name);
  const end = builder.end(device, 'eth0', `interface of ${name}`, vni.mac);
  // what an interface has learned of its neighbours moves with it
  const nicName = vni.id.replace(':', '/');
  const ingress = builder.reserve(nicName, device);
  const origin: Origin = { record: `instance ${name}`, source: instance.from };
  return {
    plan,
    fill: () => {
      fillPort(compilation, plan, subnet, vni, port, { end, ingress, name });
      const nic = guestNic(builder, device, nicName, vni, port, end, plan, subnet, origin);
      const routes = [
        { block: subnet.block, via: null, from: subnet.from },
        { block: everywhere(subnet.block.address), via: routerAddress(subnet.block), from: subnet.from },
      ];
      edgeMachine(nic, ingress, routes, !vni.sourceCheck);
    },
  };
}

/** Whose a machine is: in a service network the provider's, for whomever it works. */
function ownerOf({ owner, customer }: VirtualNetwork): string {
  return owner === 'provider' ? 'provider' : customer;
}
