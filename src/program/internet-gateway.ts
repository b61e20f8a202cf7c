import { everywhere, type Ip, ipv4, prefixTable, single } from '../address/index.ts';
import { present } from '../base/index.ts';
import { type Gateway, INTERNET, type Model } from '../model/index.ts';
import type { StageOf } from './builder.ts';
import { type Compilation, named } from './compilation.ts';
import { INTERNET_ADDRESS, type Internet, joinInternet } from './internet.ts';
import { acceptOn, fitOnto, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import type { OneToOne, Origin } from './stages.ts';
import { endNamed, innerMtu } from './substrate.ts';
import { NO_SUBNET, routerAddress } from './virtual-network.ts';

/** The gateway's end of its link to the Internet: the same on each of these links. */
const GATEWAY_ADDRESS: Ip = ipv4(0xc0000202);

/**
 * An Internet gateway (N-22, N-23): a router between its virtual network and the Internet that puts an interface's public address
 * in place of its private one, and back.
 *
 * Towards the network it routes to interfaces alone, so nothing passes through it from the Internet to the Internet.
 */
export function declareInternetGateway(
  compilation: Compilation,
  internet: Internet,
  gateway: Gateway,
): () => void {
  const { builder, model, names, substrate, plans } = compilation;
  const { id, mac, from } = gateway;
  const name = named(names, id);
  const plan = present(plans.get(gateway.network), `network of ${id}`);
  const tunnel = endNamed(substrate, id);
  const { device } = tunnel;
  const origin: Origin = { record: `gateway ${name}`, source: from };
  const end = builder.end(device, 'internet', `${name} on the Internet`, mac);
  const ingress = builder.reserve(`${id}/internet`, device);
  const arrival = builder.reserve(`${id}/vn`, device);
  plan.attachTarget(id, {
    owner: name,
    address: null,
    mac,
    subnet: NO_SUBNET,
    end: tunnel,
    zone: null,
    inward: arrival,
  });
  const publics = publicAddresses(model, id);
  const uplink = joinInternet(internet, {
    id,
    name,
    address: GATEWAY_ADDRESS,
    mac,
    end,
    ingress,
    blocks: publics.map(({ public: address, from: said }) => ({ block: single(address), from: said })),
  });
  return () => {
    const nic: Nic = {
      builder,
      device,
      name: `${id}/internet`,
      mac,
      address: GATEWAY_ADDRESS,
      vlan: null,
      table: builder.neighbourTable(`${id}/internet`),
      origin,
      near: end,
      ...uplink,
    };
    const inside = builder.place(`${id}/guests`, device, [
      { kind: 'locate', from: origin, ...plan.locateInside(tunnel) },
    ]);
    const outside = nextHop(nic, INTERNET_ADDRESS, NOWHERE);
    // an error goes back by the interface that the packet came in by, under an address of that side, as yet untranslated
    const inner: Nic = { ...nic, address: routerAddress(plan.network.block) };
    const route = (towards: string, to: PlaceId): StageOf<'route'> => ({
      kind: 'route',
      from: origin,
      name: `routes of ${name} to ${towards}`,
      table: prefixTable([
        {
          block: everywhere(GATEWAY_ADDRESS),
          value: { block: everywhere(GATEWAY_ADDRESS), towards, to, from },
        },
      ]),
      forwards: false,
      itself: NOWHERE,
      errors: NOWHERE,
      address: nic.address,
    });
    const leaving = builder.place(`${id}/leaving`, device, [
      fitOnto(nic, inside, inner.address),
      { kind: 'one-to-one', from: origin, ...translation(name, 'outward', publics) },
      route(INTERNET, outside),
    ]);
    const entering = builder.place(`${id}/entering`, device, [
      {
        ...fitOnto(nic, outside, GATEWAY_ADDRESS),
        link: `VN ${gateway.network}`,
        mtu: innerMtu(builder, tunnel),
      },
      { kind: 'one-to-one', from: origin, ...translation(name, 'inward', publics) },
      { kind: 'locate', from: origin, ...plan.locateInside(tunnel) },
    ]);
    builder.fill(arrival, [
      acceptOn(inner, 'forwards', [inner.address], [], inside),
      { ...route(INTERNET, leaving), forwards: true, errors: inside, address: inner.address },
    ]);
    builder.fill(ingress, [
      acceptOn(nic, 'forwards'),
      { ...route(`VN ${gateway.network}`, entering), forwards: true, errors: outside },
    ]);
  };
}

/** An interface counts only in a subnet whose table leads to the gateway: what cannot answer is not called (N-23). */
function publicAddresses(model: Model, gateway: string) {
  return Object.values(model.interfaces).flatMap(({ subnet, address, public: published, from }) => {
    const leads = model.subnets[subnet]?.routes.some(
      ({ to }) => to.kind === 'gateway' && to.gateway === gateway,
    );
    return published !== null && leads === true ? [{ address, public: published, from }] : [];
  });
}

function translation(
  gateway: string,
  direction: OneToOne['direction'],
  pairs: readonly { readonly address: Ip; readonly public: Ip }[],
): OneToOne {
  const addresses = new Map(
    pairs.map((pair) =>
      direction === 'outward' ? [pair.address, pair.public] : [pair.public, pair.address],
    ),
  );
  return { gateway, direction, sides: { inside: 'in the network', outside: 'on the Internet' }, addresses };
}
