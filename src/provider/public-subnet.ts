import {
  allocateAddress,
  type Cidr,
  cidr,
  formatIp,
  type Ip,
  type Ipv4,
  offset,
  sibling,
  single,
} from '../address/index.ts';
import { present, type Source } from '../base/index.ts';
import type { FirewallRule, Hsm, Model, Service } from '../model/index.ts';
import { addGateway } from './gateways.ts';
import { nextMac } from './link-address.ts';
import { type Refusal, refuse } from './refusal.ts';
import {
  ANYTHING,
  bastionRules,
  type DraftAcl,
  EVERYWHERE,
  type Peers,
  privateRules,
  publicRules,
  type Rules,
  reporterRules,
} from './rules-of-service.ts';
import type { ModelDraft } from './verb.ts';

/** What a request has come to when its public subnet is opened. */
export interface Opening {
  readonly customer: string;
  /** id of the service network */
  readonly network: string;
  readonly hsm: Hsm;
  /** subnet 318, where the NAT instance is */
  readonly private: Cidr;
  readonly server: string;
  readonly attachment: 'rack' | 'direct';
  /** behind the numerals of a customer's second, third, … HSM */
  readonly suffix: string;
  readonly from: Source | null;
}

/** The block of a service network: with a public subnet beside the private one it is one bit shorter. */
export function wholeBlock({ service }: Pick<Model, 'service'>, block: Cidr): Cidr {
  if (service === null) return block;
  return cidr(block.address, block.prefix - 1);
}

/** An address on the Internet for one more bastion, or why there is none. */
export function bastionAddress(model: Model, service: Service): Ipv4 | Refusal {
  const taken = new Set<Ip>();
  for (const { public: address } of Object.values(model.interfaces)) if (address !== null) taken.add(address);
  for (const { address } of Object.values(model.internetHosts)) taken.add(address);
  const free = allocateAddress(service.public, taken, [cidr(service.public.address, 31)]);
  return free ?? refuse('provider/no-address', 'service', 'no public address is left for a bastion');
}

/** The two firewalls, two ACLs and two machines of FIG. 6, 606 to 610, that a service network has for those who look after it. */
export function openPublicSubnet(draft: ModelDraft, service: Service, address: Ipv4, opening: Opening): void {
  const { customer, network, hsm, suffix, from } = opening;
  const whole = present(draft.networks[network], `the service network ${network}`);
  const block = sibling(opening.private);
  const inside = offset(block.address, FIRST_HOST);
  const gateway = `igw-228${suffix}`;
  const led = `${customer}/${gateway}`;
  addGateway(draft, { id: led, name: gateway, network, kind: 'internet', from });
  const peers = peersOf(draft, service, hsm);
  addAcl(
    draft,
    network,
    'acl-606',
    privateRules(peers.hsm, opening.attachment === 'direct' ? single(inside) : null),
    from,
  );
  addAcl(draft, network, 'acl-606-public', publicRules(peers), from);
  const subnet = `${network}/public`;
  draft.subnets[subnet] = {
    id: subnet,
    name: 'public',
    network,
    block,
    zone: hsm.zone,
    routes: [
      { block: peers.hsm, to: { kind: 'attachment' }, from: hsm.from },
      { block: EVERYWHERE, to: { kind: 'gateway', gateway: led }, from },
    ],
    acl: `${network}/acl-606-public`,
    from,
  };
  whole.subnets.push(subnet);
  const guarded = draft.subnets[`${network}/subnet-318`];
  if (guarded !== undefined) guarded.acl = `${network}/acl-606`;
  const reporters = addFirewall(draft, network, 'fw-224', reporterRules(single(inside)), from);
  addFirewall(draft, network, 'fw-226', bastionRules(peers, reporters), from);
  const module = draft.hsms[hsm.name];
  // one that is shared reports where the customer is that it is given to
  if (module?.assignedTo === network) {
    module.logTargets = SORTS.map((sort) => ({ sort, address: inside, whose: 'provider' }));
  }
  launchBastion(draft, { ...opening, subnet, inside, address, gateway: led });
}

/** The firewall of VNI 324, there before the NAT instance (I-08): the HSM and nobody else, in either direction (I-09). */
export function serviceFirewall(draft: ModelDraft, network: string, hsm: Hsm, from: Source | null): string {
  const known = `${network}/fw-324`;
  if (draft.firewalls[known] !== undefined) return known;
  const only = [{ ...ANYTHING, peer: single(hsm.address), from }];
  return addFirewall(draft, network, 'fw-324', { in: only, out: only }, from);
}

const SORTS = ['syslog', 'traps'] as const;

/** The first four addresses of a subnet are reserved. */
const FIRST_HOST = 4;

function peersOf(draft: ModelDraft, service: Service, hsm: Hsm): Peers {
  const host = (name: string): Cidr => single(present(draft.internetHosts[name], `the host ${name}`).address);
  return {
    hsm: single(hsm.address),
    crp: service.crp,
    sink: host(service.sink.host),
    management: host(service.management),
  };
}

function addAcl(
  draft: ModelDraft,
  network: string,
  name: string,
  rules: Pick<DraftAcl, 'in' | 'out'>,
  from: Source | null,
): void {
  const id = `${network}/${name}`;
  draft.acls[id] = { id, name, network, in: rules.in, out: rules.out, from };
}

function addFirewall(
  draft: ModelDraft,
  network: string,
  name: string,
  rules: Rules,
  from: Source | null,
): string {
  const id = `${network}/${name}`;
  const copied = (list: readonly FirewallRule[]) => list.map((rule) => ({ ...rule }));
  draft.firewalls[id] = {
    id,
    name,
    network,
    in: copied(rules.in),
    out: copied(rules.out),
    owner: 'provider',
    stateful: true,
    from,
  };
  return id;
}

function launchBastion(
  draft: ModelDraft,
  bastion: Opening & {
    readonly subnet: string;
    readonly inside: Ip;
    readonly address: Ipv4;
    readonly gateway: string;
  },
): void {
  const { customer, network, hsm, server, suffix, subnet, inside, address, gateway, from } = bastion;
  const name = `bastion-226${suffix}`;
  const id = `${customer}/${name}`;
  const vni = `${id}:eth0`;
  draft.interfaces[vni] = {
    id: vni,
    name: null,
    network,
    subnet,
    address: inside,
    public: address,
    mac: nextMac(draft),
    attachedTo: id,
    server,
    firewalls: [`${network}/fw-226`],
    sourceCheck: true,
    description: `bastion of the service network of HSM ${hsm.name}`,
    from,
  };
  draft.instances[id] = {
    id,
    name,
    customer,
    kind: 'vm',
    server,
    interface: vni,
    listen: { 22: { kind: 'echo' } },
    hsmClient: false,
    from,
  };
  const whole = draft.networks[network];
  if (whole !== undefined) whole.mapping[formatIp(inside)] = vni;
  const host = draft.servers[server];
  if (host !== undefined) host.guests += 1;
  draft.bastions[id] = { id, network, gateway, hsm: hsm.address };
}
