import {
  type Cidr,
  everywhere,
  type Family,
  familyOf,
  type Ip,
  ipv4,
  ipv6,
  isIpv6,
  type Mac,
  mac,
  prefixTable,
  single,
} from '../address/index.ts';
import type { Source } from '../base/index.ts';
import { INTERNET, type InternetHost, SPECIAL_BLOCKS } from '../model/index.ts';
import { type End, LATENCY, type ProgramBuilder, type StageOf } from './builder.ts';
import { answerPlace, ownEntries } from './itself.ts';
import { acceptOn, edgeMachine, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import type { Origin, RouteEntry } from './stages.ts';

/** The Internet's end of every link that leads to it, by the family of the link; INTERNET_BLOCKS keep the addresses free. */
const INTERNET_ADDRESSES: { readonly [F in Family]: Ip } = {
  4: ipv4(0xc0000201),
  6: ipv6((0x3fffn << 112n) | 1n),
};

/** The router at the far end of a link on which `neighbour` is an address. */
export function internetAddress(neighbour: Ip): Ip {
  return INTERNET_ADDRESSES[familyOf(neighbour)];
}

export const INTERNET_MAC: Mac = mac(0x02fffe000020);

const ORIGIN: Origin = { record: 'the Internet', source: null };

const SPECIAL = SPECIAL_BLOCKS.map(({ block, meaning }) => ({ block, value: meaning }));
const SPECIAL_OF_IPV4 = prefixTable(SPECIAL.filter(({ block }) => !isIpv6(block.address)));
const SPECIAL_OF_BOTH = prefixTable(SPECIAL);

/** One router for the whole Internet, with a link to everybody who has an address there. */
export interface Internet {
  readonly builder: ProgramBuilder;
  readonly device: number;
  /** where what the router says itself begins: its ICMP errors */
  readonly out: PlaceId;
  readonly entries: RouteEntry[];
  readonly links: { readonly nic: Nic; readonly ingress: PlaceId }[];
}

export function openInternet(builder: ProgramBuilder): Internet {
  const device = builder.device(INTERNET, INTERNET, 'internet', INTERNET, null);
  return { builder, device, out: builder.reserve(`${INTERNET}:out`, device), entries: [], links: [] };
}

/** Somebody at the far end of a link of the Internet's. */
export interface Neighbour {
  /** name of the link's places and table: unique and stable */
  readonly id: string;
  readonly name: string;
  /** its own address and link address on that link, and the place that takes what the Internet sends */
  readonly address: Ip;
  readonly mac: Mac;
  readonly end: End;
  readonly ingress: PlaceId;
  /** what the Internet routes to it */
  readonly blocks: readonly { readonly block: Cidr; readonly from: Source | null }[];
}

/** The Internet's end of the link, as the neighbour's own interface needs it. */
export type Uplink = Pick<Nic, 'far' | 'wire' | 'latency' | 'owners'>;

/** A link to the Internet: what is routed to `blocks` leaves by it. */
export function joinInternet(internet: Internet, neighbour: Neighbour): Uplink {
  const { builder, device } = internet;
  const { id, name, address, end, ingress } = neighbour;
  const near = builder.end(device, name, `the Internet's port to ${name}`, INTERNET_MAC);
  const nic: Nic = {
    builder,
    device,
    name: `${INTERNET}/${id}`,
    mac: INTERNET_MAC,
    address: internetAddress(address),
    vlan: null,
    table: builder.neighbourTable(`${INTERNET}/${id}`),
    origin: ORIGIN,
    near,
    far: end,
    wire: ingress,
    latency: LATENCY.internet,
    owners: new Map([[address, neighbour.mac]]),
  };
  const to = nextHop(nic, address, internet.out);
  for (const { block, from } of neighbour.blocks) internet.entries.push({ block, towards: name, to, from });
  const wire = builder.reserve(nic.name, device);
  internet.links.push({ nic, ingress: wire });
  return { far: near, wire, latency: LATENCY.internet, owners: new Map([[nic.address, INTERNET_MAC]]) };
}

/** Gives the router its routes, when everybody has joined. */
export function finishInternet({ builder, device, out, entries, links }: Internet): void {
  const itself = answerPlace(builder, device, INTERNET, ORIGIN, out);
  const own = [...new Set(links.map(({ nic }) => nic.address))];
  const all = [...ownEntries(own, itself, { from: null }), ...entries];
  const table = prefixTable(all.map((value) => ({ block: value.block, value })));
  const route = (address: Ip): StageOf<'route'> => ({
    kind: 'route',
    from: ORIGIN,
    name: `routes of ${INTERNET}`,
    table,
    forwards: true,
    itself,
    errors: out,
    address,
  });
  builder.fill(out, [{ ...route(INTERNET_ADDRESSES[4]), forwards: false, errors: NOWHERE }]);
  const special = own.some(isIpv6) ? SPECIAL_OF_BOTH : SPECIAL_OF_IPV4;
  for (const { nic, ingress } of links) {
    builder.fill(ingress, [
      acceptOn(nic, 'forwards'),
      { kind: 'global', from: ORIGIN, special },
      route(nic.address),
    ]);
  }
}

/** Somebody on the Internet, with a stack of its own. Nobody checks what it sends. */
export function declareInternetHost(internet: Internet, host: InternetHost): () => void {
  const { builder } = internet;
  const { name, address, from } = host;
  const device = builder.device(name, name, 'internet-host', INTERNET, null);
  const end = builder.end(device, 'eth0', `network port of ${name}`, host.mac);
  const ingress = builder.reserve(`${name}/eth0`, device);
  const blocks = [{ block: single(address), from }];
  const uplink = joinInternet(internet, { id: name, name, address, mac: host.mac, end, ingress, blocks });
  return () => {
    const nic: Nic = {
      builder,
      device,
      name: `${name}/eth0`,
      mac: host.mac,
      address,
      vlan: null,
      table: builder.neighbourTable(`${name}/eth0`),
      origin: { record: `host ${name} on the Internet`, source: from },
      near: end,
      ...uplink,
    };
    edgeMachine(nic, ingress, [{ block: everywhere(address), via: internetAddress(address), from }]);
  };
}
