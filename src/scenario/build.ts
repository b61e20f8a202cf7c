import type { Result } from '../base/index.ts';
import { failure, success } from '../base/index.ts';
import { EMPTY_MODEL } from '../model/index.ts';
import {
  addRoute,
  balanceLoad,
  type Change,
  createAcl,
  createFirewall,
  createGateway,
  createNetwork,
  createSubnet,
  grantRole,
  launchInstance,
  layUnderlay,
  type ModelDraft,
  openInternetHost,
  openZone,
  type Refusal,
  rackHsm,
  registerCustomer,
  setDistances,
  setFirewallRules,
  setLink,
  setUpService,
  startServer,
  transact,
} from '../provider/index.ts';
import { type Ask, listeners } from './asking.ts';
import { buildPremises } from './build-premises.ts';
import type { Diagnostic } from './diagnostics.ts';
import { requestedPeers, requestedRules } from './requested-rules.ts';
import type { Customer, Firewall, Instance, Path, Scenario } from './scenario.ts';

/** Everything that the scenario declares, as one change made through the provider's API. */
export function buildModel(scenario: Scenario): Result<Change, readonly Diagnostic[]> {
  const complaints: Diagnostic[] = [];
  const built = transact(EMPTY_MODEL, 'build', (draft) => {
    const all: Refusal[] = [];
    const ask: Ask = (where, refusals) => {
      all.push(...refusals);
      for (const refusal of refusals) complaints.push(complaintAbout(scenario, where, refusal));
    };
    buildProvider(draft, scenario, ask);
    for (const { name, address, listen, where, source } of scenario.internetHosts) {
      ask(where, openInternetHost(draft, { name, address, listen: listeners(listen), from: source }));
    }
    buildService(draft, scenario, ask);
    for (const customer of scenario.customers) buildCustomer(draft, customer, scenario.seed, ask);
    return all;
  });
  return built.ok ? success(built.value) : failure(complaints);
}

/** A refusal of the provider, as a complaint about what stands at `where`. */
export function complaintAbout(scenario: Scenario, where: Path, refusal: Refusal): Diagnostic {
  const place = refusal.field === null ? where : [...where, refusal.field];
  return scenario.diagnose(refusal.code, place, { message: refusal.message });
}

function buildProvider(draft: ModelDraft, scenario: Scenario, ask: Ask): void {
  const { zones, underlay, distances, servers, hsms, where: provider } = scenario.provider;
  ask(provider, layUnderlay(draft, { family: underlay }));
  for (const { name, kind, power, operator, where, source } of zones) {
    ask(where, openZone(draft, { name, kind, power, operator, from: source }));
  }
  if (distances !== null) {
    const { inside, between } = distances;
    const pairs = distances.pairs.map(({ zones: ends, distance }) => [ends.join('--'), distance] as const);
    ask(distances.where, setDistances(draft, { inside, between, pairs: Object.fromEntries(pairs) }));
  }
  for (const { name, zone, power, where, source } of servers) {
    ask(where, startServer(draft, { name, zone, power, from: source }));
  }
  for (const { where, source, ...hsm } of hsms) {
    ask(where, rackHsm(draft, { ...hsm, from: source }));
  }
  for (const { ends, mtu, latency, where, source } of scenario.links) {
    const [one, other] = ends;
    const name = `${one.name}--${other.name}`;
    ask(where, setLink(draft, { ends: [one.id, other.id], name, mtu, latency, from: source }));
  }
}

function buildService(draft: ModelDraft, { provider }: Scenario, ask: Ask): void {
  if (provider.service === null) return;
  const { where, source, crp, public: addresses, sink, management, watch } = provider.service;
  ask(where, setUpService(draft, { crp, public: addresses, sink, management, watch, from: source }));
}

function buildCustomer(draft: ModelDraft, customer: Customer, seed: number, ask: Ask): void {
  const { name, network, roles, ownedByProvider } = customer;
  ask(customer.where, registerCustomer(draft, { name, ownedByProvider, from: customer.source }));
  for (const role of roles) {
    ask(role.where, grantRole(draft, { customer: name, name: role.name, allow: role.allow }));
  }
  ask(network.where, createNetwork(draft, { customer: name, block: network.cidr, from: network.source }));
  for (const { name: acl, where, source, ...rules } of network.acls) {
    const requested = { in: requestedRules(rules.in) ?? [], out: requestedRules(rules.out) ?? [] };
    ask(where, createAcl(draft, { network: name, name: acl, ...requested, from: source }));
  }
  for (const { name: subnet, cidr, zone, acl, where, source } of network.subnets) {
    ask(where, createSubnet(draft, { network: name, name: subnet, block: cidr, zone, acl, from: source }));
  }
  buildFirewalls(draft, name, network.firewalls, ask);
  for (const { name: gateway, kind, where, source } of network.gateways) {
    ask(where, createGateway(draft, { customer: name, name: gateway, kind, from: source }));
  }
  for (const instance of network.instances) buildInstance(draft, name, instance, ask);
  for (const { name: subnet, routes } of network.subnets) {
    for (const { to, via, where, source } of routes) {
      ask(where, addRoute(draft, { customer: name, subnet, to, via, from: source }));
    }
  }
  buildPremises(draft, customer, seed, ask);
}

/** All of them first, then their rules: rules may name any of them. */
function buildFirewalls(draft: ModelDraft, network: string, firewalls: readonly Firewall[], ask: Ask): void {
  for (const { name, where, source } of firewalls) {
    ask(where, createFirewall(draft, { network, name, from: source }));
  }
  for (const firewall of firewalls) {
    const rules = { in: requestedPeers(firewall.in), out: requestedPeers(firewall.out) };
    ask(firewall.where, setFirewallRules(draft, { network, name: firewall.name, by: 'customer', ...rules }));
  }
}

function buildInstance(draft: ModelDraft, customer: string, instance: Instance, ask: Ask): void {
  const { listen, source, where, balancer, ...fields } = instance;
  ask(where, launchInstance(draft, { ...fields, customer, listen: listeners(listen), from: source }));
  const id = `${customer}/${instance.name}`;
  if (balancer !== null && draft.instances[id] !== undefined) {
    const { standby } = balancer;
    ask(
      where,
      balanceLoad(draft, {
        instance: id,
        ...balancer,
        standby: standby === null ? null : `${customer}/${standby}`,
        from: source,
      }),
    );
  }
}
