import type { Hsm, NatInstance, Subnet } from '../model/index.ts';
import { aclsOf } from './acl.ts';
import { LATENCY } from './builder.ts';
import { type ModuleDevices, moduleMachine } from './card.ts';
import { type Compilation, guestNic } from './compilation.ts';
import type { Nic } from './machine.ts';
import { ATTACHMENT } from './route-targets.ts';
import type { Origin } from './stages.ts';
import { endNamed } from './substrate.ts';
import { type NetworkPlan, routerAddress } from './virtual-network.ts';

/** D-12: the module on a link of the NAT instance's own server, as if it were a guest of the service network. */
export function declareDirectHsm(
  compilation: Compilation,
  nat: NatInstance,
  hsm: Hsm,
  devices: ModuleDevices,
  plan: NetworkPlan,
  subnet: Subnet,
): () => void {
  const { builder, substrate } = compilation;
  const server = endNamed(substrate, nat.server);
  const device = devices.front;
  const name = builder.deviceName(device);
  const origin: Origin = { record: `HSM ${name}`, source: hsm.from };
  const serverEnd = builder.end(server.device, name, `direct link to ${name}`, null);
  const end = builder.end(device, 'eth0', `network port of ${name}`, hsm.mac);
  const ingress = builder.reserve(`${name}/eth0`, device);
  const outward = builder.reserve(`${name}/port`, server.device);
  const inward = builder.reserve(`${name}/in`, server.device);
  plan.attachTarget(ATTACHMENT, {
    owner: name,
    address: hsm.address,
    mac: hsm.mac,
    subnet: subnet.block,
    end: server,
    zone: server.zone,
    inward,
  });
  return () => {
    const back = builder.place(`${name}/back`, server.device, [
      builder.transmit(origin, serverEnd, end, ingress, LATENCY.rack),
    ]);
    const acls = aclsOf(compilation.model, subnet, plan.attachments);
    builder.fill(inward, [...acls.in, builder.transmit(origin, serverEnd, end, ingress, LATENCY.rack)]);
    builder.fill(outward, [
      { kind: 'guard', from: origin, interface: name, mac: hsm.mac, addresses: [hsm.address] },
      ...acls.out,
      { kind: 'locate', from: origin, ...plan.locate(compilation, server, subnet, true, back) },
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
    const { block, from } = plan.network;
    const beyond =
      block.prefix < subnet.block.prefix ? [{ block, via: routerAddress(subnet.block), from }] : [];
    const routes = [{ block: subnet.block, via: null, from: subnet.from }, ...beyond];
    moduleMachine(nic, ingress, routes, devices);
  };
}
