import { ANY_PORT, everywhere, formatIp, single } from '../address/index.ts';
import { firewallOf } from './firewalls.ts';
import { nextMac } from './link-address.ts';
import { type Plan, planRequest, type RequestHsm } from './plan-request.ts';
import { openPublicSubnet, serviceFirewall, wholeBlock } from './public-subnet.ts';
import { unknown } from './refusal.ts';
import { openReportingInterface } from './reporting-interface.ts';
import { DONE, type Verb } from './verb.ts';
import { takeVlan } from './vlans.ts';

/**
 * Gives a customer an HSM (FIG. 6, 602 to 614): a service network for it, a NAT instance with one interface in
 * the customer's subnet and one in the service network, and the way from there to the module.
 */
export const requestHsm: Verb<RequestHsm> = (draft, request) => {
  const plan = planRequest(draft, request);
  if (!plan.ok) return plan.refusals;
  const { hsm, block, bastion, inwardAddress, server, suffix } = plan;

  const customer = draft.customers[request.customer];
  const customerNetwork = draft.networks[request.customer];
  if (customer === undefined || customerNetwork === undefined) return [unknown('customer', request.customer)];
  const service = plan.joins?.id ?? openServiceNetwork(draft, request, plan);
  const private318 = `${service}/subnet-318`;

  const names = {
    vni: request.names.vni ?? `vni-314${suffix}`,
    nat: request.names.nat ?? `nat-322${suffix}`,
    inward: request.names.inward ?? `vni-324${suffix}`,
  };
  const nat = `${request.customer}/${names.nat}`;
  const outer = `${request.customer}/${names.vni}`;
  const inward = `${request.customer}/${names.inward}`;
  customerNetwork.mapping[formatIp(request.address)] = outer;
  const serviceNetwork = draft.networks[service];
  if (serviceNetwork !== undefined) serviceNetwork.mapping[formatIp(inwardAddress)] = inward;
  const firewall = firewallOf(outer);
  const everything = { protocol: 'any' as const, ports: ANY_PORT, from: request.from };
  const premises = draft.premises[request.customer];
  const ownBlocks = [customerNetwork, ...(premises === undefined ? [] : [premises])].map(
    ({ block: own }) => ({
      ...own,
    }),
  );
  draft.firewalls[firewall] = {
    id: firewall,
    name: names.vni,
    network: request.customer,
    in: [...(request.firewall ?? ownBlocks.map((peer) => ({ ...everything, peer })))],
    out: [{ ...everything, peer: everywhere(request.address) }],
    owner: 'provider',
    // the default allows both directions between everybody who can be there, so there is nothing to remember
    stateful: request.firewall !== null,
    from: request.from,
  };
  const known = { ...hsm, address: serviceNetwork?.alias ?? hsm.address };
  const guarded = draft.service === null ? [] : [serviceFirewall(draft, service, known, request.from)];
  draft.interfaces[outer] = {
    id: outer,
    name: names.vni,
    network: request.customer,
    subnet: `${request.customer}/${request.subnet}`,
    address: request.address,
    public: null,
    mac: nextMac(draft),
    attachedTo: nat,
    server,
    firewalls: [firewall],
    sourceCheck: true,
    description: `interface of HSM ${hsm.name}, managed by the provider`,
    from: request.from,
  };
  draft.interfaces[inward] = {
    id: inward,
    name: names.inward,
    network: service,
    subnet: private318,
    address: inwardAddress,
    public: null,
    mac: nextMac(draft),
    attachedTo: nat,
    server,
    firewalls: guarded,
    // an instance that sends with its clients' own addresses may do so only where the check is off
    sourceCheck: request.sourceRewrite,
    description: `inward side of ${names.nat}`,
    from: request.from,
  };
  draft.natInstances[nat] = {
    id: nat,
    name: names.nat,
    customer: request.customer,
    network: service,
    server,
    outer,
    inward,
    own: null,
    flows: nat,
    hsm: hsm.name,
    attachment: request.attachment,
    sourceRewrite: request.sourceRewrite,
    translation: { ...request.translation, reverse: [...request.translation.reverse] },
    from: request.from,
  };
  const given = draft.hsms[hsm.name];
  const share = given?.shares[request.customer];
  if (share !== undefined) share.network = service;
  else if (given !== undefined) given.assignedTo = service;
  const host = draft.servers[server];
  if (host !== undefined) host.guests += 1;
  if (draft.service !== null && bastion !== null) {
    const { customer, attachment, from } = request;
    const opening = {
      customer,
      network: service,
      hsm: known,
      private: block,
      server,
      attachment,
      suffix,
      from,
    };
    openPublicSubnet(draft, draft.service, bastion, opening);
  }
  const launched = draft.natInstances[nat];
  if (launched !== undefined) launched.own = openReportingInterface(draft, launched);
  return DONE;
};

/** Subnet 318 and the virtual network around it, with a VLAN in the rack: a service network for one HSM. */
function openServiceNetwork(
  draft: Parameters<Verb<RequestHsm>>[0],
  request: RequestHsm,
  { hsm, block }: Extract<Plan, { readonly ok: true }>,
): string {
  const services = draft.customers[request.customer]?.services;
  const service = `${request.customer}/${(services?.length ?? 0) + 1}`;
  services?.push(service);
  const private318 = `${service}/subnet-318`;
  draft.networks[service] = {
    id: service,
    owner: 'provider',
    customer: request.customer,
    block: wholeBlock(draft, block),
    segment: draft.counters.segment,
    vlan: request.attachment === 'rack' ? takeVlan(draft, hsm) : null,
    alias: request.alias,
    subnets: [private318],
    mapping: {},
    from: request.from,
  };
  draft.counters.segment += 1;
  draft.subnets[private318] = {
    id: private318,
    name: 'subnet-318',
    network: service,
    block,
    zone: hsm.zone,
    routes: [{ block: single(request.alias ?? hsm.address), to: { kind: 'attachment' }, from: hsm.from }],
    acl: null,
    from: request.from,
  };
  return service;
}
