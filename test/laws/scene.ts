import { formatIp, type Mac, mac, port } from '../../src/address/index.ts';
import { present, type Source } from '../../src/base/index.ts';
import { NEW_ASSOCIATION } from '../../src/dataplane/index.ts';
import type { Misfortune, Model, Subnet } from '../../src/model/index.ts';
import {
  type Frame,
  type IpPacket,
  type Link,
  MECHANISMS,
  type MechanismKind,
  piecesOf,
  udpPacket,
  VXLAN_PORT,
} from '../../src/packet/index.ts';
import { compile, type PlaceId } from '../../src/program/index.ts';
import {
  addRoute,
  call,
  createGateway,
  createNetwork,
  failPart,
  impairPart,
  openInternetHost,
  registerCustomer,
  requestPeering,
  transact,
  type Verb,
} from '../../src/provider/index.ts';
import { connectMachines } from '../../src/scenario/machines.ts';
import { adopt } from '../../src/scenario/world.ts';
import { FIG3_PLAN } from '../support/fig3-plan.ts';
import { NO_MISFORTUNE } from '../support/misfortunes.ts';
import { buildNetwork, type Edge, type Network } from '../support/networks.ts';
import { address, block } from '../support/programs.ts';
import { sealedFrame } from '../support/sealed.ts';

export const OUTER = '10.0.0.201';
export const STRANGER = mac(0x02dead000001);

/** The network of FIG. 3 with somebody to do wrong in it. */
export class Scene {
  readonly network: Network = buildNetwork(FIG3_PLAN);
  readonly world: Network['world'] = this.network.world;

  edge(name: string): Edge {
    const found = this.network.edges.find(({ id }) => id === name || id === `acme/${name}`);
    return present(found, `${name} is in the network`);
  }

  macOf(name: string): Mac {
    const { interfaces, hsms } = this.world.model;
    const found = interfaces[`acme/${name}`] ?? interfaces[`acme/${name}:eth0`] ?? hsms[name];
    return present(found, `${name} has a link address`).mac;
  }

  place(name: string): PlaceId {
    return present(
      this.world.engine.program.places.find((place) => place.name === name),
      name,
    ).id;
  }

  /** Past the sockets, but by the machine's own routes and ARP. */
  sends(name: string, choice: Partial<Parameters<typeof udpPacket>[0]> & { readonly to: string }): void {
    const machine = present(this.world.machines.get(this.edge(name).id), `${name} runs`);
    const ends = { source: machine.address, target: address(choice.to) };
    machine.inject(udpPacket({ sourcePort: port(40_000), targetPort: port(1792), ...ends, ...choice }));
  }

  /** Past everything, straight onto the wire. */
  forges(name: string, link: Partial<Link>, body: Frame['body'] = this.packet(name)): void {
    const { host } = this.edge(name);
    const entry = present(this.world.engine.program.hosts[host], `${name} has a port`).port;
    const whole = { target: this.macOf('vni-314'), source: this.macOf(name), vlan: null, ...link };
    this.world.engine.begin(entry, { link: whole, body });
  }

  /** What the HSM sees its customer as. */
  inwardAddress(): string {
    const inward = Object.values(this.world.model.interfaces).find(({ name }) => name === 'vni-324');
    return formatIp(present(inward, 'the inward interface').address);
  }

  packet(from: string, to: string = OUTER): IpPacket {
    const source = present(this.world.machines.get(this.edge(from).id), from).address;
    return udpPacket({ source, target: address(to), sourcePort: port(40_000), targetPort: port(1792) });
  }

  /** Pieces of one datagram from app-1 to the HSM: bytes of its data, which are 1,000. */
  pieces(...stretches: readonly (readonly [first: number, last: number])[]): void {
    const machine = present(this.world.machines.get('acme/app-1'), 'app-1 runs');
    const ends = { source: machine.address, target: address(OUTER) };
    const whole = udpPacket({
      ...ends,
      sourcePort: port(40_000),
      targetPort: port(1792),
      payload: new Uint8Array(992),
      identification: 7,
      dontFragment: false,
    });
    for (const piece of piecesOf(
      whole,
      stretches.map(([first, last]) => ({ first, last })),
    ))
      machine.inject(piece);
  }

  /** A wrapper that a tunnel end sends to server-b, right in all but what `wrong` says. */
  wraps(wrong: { readonly segment?: number; readonly source?: string; readonly port?: number }): void {
    const { engine } = this.world;
    const { servers } = this.world.model;
    const [near, far] = [present(servers['server-a'], 'server-a'), present(servers['server-b'], 'server-b')];
    const known = present(this.world.model.networks['acme'], 'the network of acme').segment;
    const inner = { link: { target: STRANGER, source: STRANGER, vlan: null }, body: this.packet('app-1') };
    const body = udpPacket({
      source: wrong.source === undefined ? near.tunnel : address(wrong.source),
      target: far.tunnel,
      sourcePort: port(50_000),
      targetPort: port(wrong.port ?? VXLAN_PORT),
      ...(wrong.port === undefined
        ? { payload: { kind: 'vxlan' as const, segment: wrong.segment ?? known, inner } }
        : {}),
    });
    engine.begin(this.place('fabric/server-a'), {
      link: { target: far.mac, source: near.mac, vlan: null },
      body,
    });
  }

  /** A gateway to the Internet, a host on it, and a peering that waits for the other owner. */
  hasBorders(): void {
    const change = transact(this.world.model, 'borders', (draft) => {
      const from: Source | null = null;
      const route = { customer: 'acme', subnet: 'subnet-0', from };
      return [
        ...registerCustomer(draft, { name: 'globex', ownedByProvider: false, from }),
        ...createNetwork(draft, { customer: 'globex', block: block('10.99.0.0/16'), from }),
        ...requestPeering(draft, { customer: 'acme', with: 'globex', name: 'waiting', from }),
        ...createGateway(draft, { customer: 'acme', name: 'igw', kind: 'internet', from }),
        ...openInternetHost(draft, { name: 'www', address: address('203.0.113.80'), listen: {}, from }),
        ...addRoute(draft, { ...route, to: block('0.0.0.0/0'), via: 'igw' }),
        ...addRoute(draft, { ...route, to: block('10.99.0.0/16'), via: 'waiting' }),
      ];
    });
    if (!change.ok) throw new Error(change.fault.map(({ message }) => message).join('; '));
    adopt(this.world, change.value);
  }

  breaksTheLastLink(): void {
    const change = call(this.world.model, 'fail', failPart, { ...this.lastLink(), from: null });
    if (!change.ok) throw new Error('the link fails');
    adopt(this.world, change.value);
  }

  impairsTheLastLink(misfortune: Partial<Misfortune>): void {
    const { kind, id, name } = this.lastLink();
    const change = call(this.world.model, 'impair', impairPart, {
      kind,
      part: id,
      name,
      direction: { kind: 'both' },
      misfortune: { ...NO_MISFORTUNE, ...misfortune },
      seed: 1,
      from: null,
    });
    if (!change.ok) throw new Error('the link is impaired');
    adopt(this.world, change.value);
  }

  private lastLink(): { readonly kind: 'link'; readonly id: string; readonly name: string } {
    const { links } = this.world.engine.program;
    const last = links.find(({ ends }) => ends.includes('hsm-acme-1'));
    const { id, name } = present(last, 'the link of the HSM');
    return { kind: 'link', id, name };
  }

  changesSubnet(change: Partial<Subnet>, more: Partial<Model> = {}): void {
    const { model } = this.world;
    const subnet = present(model.subnets['acme/subnet-0'], 'the subnet');
    this.becomes({ ...more, subnets: { ...model.subnets, [subnet.id]: { ...subnet, ...change } } });
  }

  /** Nothing is looked at before the NAT instance. */
  unguards(): void {
    const { interfaces } = this.world.model;
    const named = Object.values(interfaces).find(({ name }) => name === 'vni-314');
    const outer = present(named, 'VNI 314');
    this.becomes({ interfaces: { ...interfaces, [outer.id]: { ...outer, firewalls: [] } } });
  }

  becomes(change: Partial<Model>): Model {
    const { engine, model, machines } = this.world;
    const changed = { ...model, ...change };
    engine.load(compile(changed));
    connectMachines(engine, changed, 1, machines);
    return changed;
  }

  changes<Request>(name: string, verb: Verb<Request>, request: Request): void {
    const change = call(this.world.model, name, verb, request);
    if (!change.ok) throw new Error(`${name} is refused`);
    adopt(this.world, change.value);
  }

  /** Gateway 210 sends a sealed packet, right in all but what `wrong` says. */
  seals(wrong: Parameters<typeof sealedFrame>[1], mechanism: MechanismKind = 'ipsec'): void {
    const frame = sealedFrame(this.crossesBy(mechanism), wrong);
    this.world.engine.begin(this.place('internet/acme/vgw-210'), frame);
  }

  /** Gateway 210 has sealed as many packets as its key is good for, and is to seal one more. */
  exhausts(mechanism: MechanismKind): void {
    this.crossesBy(mechanism);
    const { engine } = this.world;
    const sends = engine.program.associations.findIndex((name) => /^acme\/vgw-210 seals /.test(name));
    const sent = MECHANISMS[mechanism].lastSequence;
    engine.state.setAssociation(sends, { ...NEW_ASSOCIATION, sent });
    this.sends('site-1', { to: OUTER });
  }

  private crossesBy(mechanism: MechanismKind): Model {
    const channel = present(this.world.model.channels['acme'], 'the channel of acme');
    if (channel.kind.kind === 'direct') throw new Error('the channel crosses the Internet');
    return this.becomes({ channels: { acme: { ...channel, kind: { ...channel.kind, kind: mechanism } } } });
  }

  runs(): void {
    this.world.engine.run();
  }
}
