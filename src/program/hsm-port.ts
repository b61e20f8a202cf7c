import { type Hsm, rackBlock, rackGateway, type VirtualNetwork } from '../model/index.ts';
import { LATENCY } from './builder.ts';
import { type ModuleDevices, moduleMachine } from './card.ts';
import type { Nic } from './machine.ts';
import { DX_RACK_MAC, type Rack } from './rack.ts';
import type { Origin, PortMode } from './stages.ts';

/**
 * A module at its access port of the ToR; one that nobody has is on no VLAN.
 *
 * @param guests the service networks of customers that it is shared with: it answers them by the same gateway
 */
export function connectHsm(
  rack: Rack,
  hsm: Hsm,
  devices: ModuleDevices,
  service: VirtualNetwork | null,
  guests: readonly VirtualNetwork[],
): void {
  const { builder } = rack;
  const device = devices.front;
  const name = builder.deviceName(device);
  const origin: Origin = { record: `HSM ${name}`, source: hsm.from };
  const vlan = service?.vlan ?? 0;
  const mode: PortMode = { kind: 'access', vlan };
  const near = builder.end(rack.tor, name, `access port of ${name}`, null);
  const far = builder.end(device, 'eth0', `network port of ${name}`, hsm.mac);
  const ingress = builder.reserve(`${name}/eth0`, device);
  const out = builder.place(`${rack.name}/${name}:out`, rack.tor, [
    { kind: 'tag', from: origin, port: name, mode },
    builder.transmit(origin, near, far, ingress, LATENCY.rack),
  ]);
  rack.members.get(vlan)?.push({ name, to: out });
  const wire = builder.place(`${rack.name}/${name}`, rack.tor, [
    {
      kind: 'switch',
      from: origin,
      bridge: rack.bridge,
      port: name,
      out,
      mode,
      members: rack.members,
      fixed: null,
    },
  ]);
  const gateway = rackGateway(hsm);
  const nic: Nic = {
    builder,
    device,
    name: `${name}/eth0`,
    mac: hsm.mac,
    address: hsm.address,
    vlan: null,
    table: builder.neighbourTable(`${name}/eth0`),
    origin,
    near: far,
    far: near,
    wire,
    latency: LATENCY.rack,
    owners: new Map([[gateway, DX_RACK_MAC]]),
  };
  const routes = [
    { block: rackBlock(hsm), via: null, from: hsm.from },
    ...[...(service === null ? [] : [service]), ...guests].map(({ block, from }) => ({
      block,
      via: gateway,
      from,
    })),
  ];
  moduleMachine(nic, ingress, routes, devices);
}
