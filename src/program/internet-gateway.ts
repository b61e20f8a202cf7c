import {
  everywhere,
  type Family,
  familyOf,
  type Ip,
  ipv4,
  ipv6,
  isIpv6,
  prefixTable,
  single,
} from '../address/index.ts';
import { present } from '../base/index.ts';
import { type Gateway, INTERNET, type Model } from '../model/index.ts';
import type { StageOf } from './builder.ts';
import { type Compilation, named } from './compilation.ts';
import { egressOnly } from './egress.ts';
import { type Internet, internetAddress, joinInternet } from './internet.ts';
import { acceptOn, fitOnto, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import type { OneToOne, Origin } from './stages.ts';
import { endNamed, innerMtu } from './substrate.ts';
import { NO_SUBNET, routerAddress } from './virtual-network.ts';

/** The gateway's end of its link to the Internet: the same on each of these links of one family. */
const GATEWAY_ADDRESSES: { readonly [F in Family]: Ip } = {
  4: ipv4(0xc0000202),
  6: ipv6((0x3fffn << 112n) | 2n),
};

/**
 * An Internet gateway (N-22, N-23): a router between its virtual network and the Internet that puts an interface's public address
 * in place of its private one, and back. Addresses of IPv6 are public themselves, so there each one stands for itself; an
 * egress-only gateway lets nobody begin from outside.
 *
 * Towards the network it routes to interfaces alone, so nothing passes through it from the Internet to the Internet.
 */
export function declareInternetGateway(
  compilation: Compilation,
  internet: Internet,
  gateway: Gateway,
): () => void {
  const { builder, model, names, substrate, plans } = compilation;
  const { id, kind, mac, from } = gateway;
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
  const own = GATEWAY_ADDRESSES[familyOf(plan.network.block.address)];
  const publics = publicAddresses(model, id);
  const egress = kind === 'egress-only' ? egressOnly(builder, id, name, own, origin) : NO_EGRESS;
  const uplink = joinInternet(internet, {
    id,
    name,
    address: own,
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
      address: own,
      vlan: null,
      table: builder.neighbourTable(`${id}/internet`),
      origin,
      near: end,
      ...uplink,
    };
    const inside = builder.place(`${id}/guests`, device, [
      { kind: 'locate', from: origin, ...plan.locateInside(tunnel) },
    ]);
    const outside = nextHop(nic, internetAddress(own), NOWHERE);
    // an error goes back by the interface that the packet came in by, under an address of that side, as yet untranslated
    const inner: Nic = { ...nic, address: routerAddress(plan.network.block) };
    const route = (towards: string, to: PlaceId): StageOf<'route'> => ({
      kind: 'route',
      from: origin,
      name: `routes of ${name} to ${towards}`,
      table: prefixTable([
        {
          block: everywhere(own),
          value: { block: everywhere(own), towards, to, from },
        },
      ]),
      forwards: false,
      itself: NOWHERE,
      errors: NOWHERE,
      address: nic.address,
    });
    const leaving = builder.place(`${id}/leaving`, device, [
      ...egress.out,
      fitOnto(nic, inside, inner.address),
      { kind: 'one-to-one', from: origin, ...translation(name, 'outward', publics) },
      route(INTERNET, outside),
    ]);
    const entering = builder.place(`${id}/entering`, device, [
      ...egress.in,
      {
        ...fitOnto(nic, outside, own),
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

const NO_EGRESS = { in: [], out: [] } as const;

/**
 * An interface counts only in a subnet whose table leads to the gateway: what cannot answer is not called (N-23). One of IPv6 is
 * public as it is.
 */
function publicAddresses(model: Model, gateway: string) {
  return Object.values(model.interfaces).flatMap(({ subnet, address, public: published, from }) => {
    const leads = model.subnets[subnet]?.routes.some(
      ({ to }) => to.kind === 'gateway' && to.gateway === gateway,
    );
    const there = isIpv6(address) ? address : published;
    return there !== null && leads === true ? [{ address, public: there, from }] : [];
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
