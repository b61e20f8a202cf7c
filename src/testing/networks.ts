import fc from 'fast-check';
import { loadNetwork, type Network, type ScenarioText, VnsimError } from '../library/index.ts';
import { anyBorders } from './borders.ts';
import { anyNetwork, type NetworkPlan, TENANTS } from './network-plan.ts';
import { scenarioOf } from './network-text.ts';

/** What arbitrary networks are to have. */
export interface NetworkOptions {
  /** how many customers: 1 to 3, or a least and a most. Default: 1 to 3. They are called acme, globex and initech */
  readonly customers?: number | { readonly min: number; readonly max: number };
  /** whether some lead to the Internet and to each other: gateways, public addresses, peerings. Default: no */
  readonly outside?: boolean;
}

/**
 * Networks of customers who never agreed on addresses: equal and overlapping blocks, machines and modules of equal addresses on
 * the same servers, firewalls and ACLs, HSMs behind NAT instances, premises. Nothing is sent yet. They are loaded, so that every
 * function of the kit can be asked at once, and they shrink towards the first customer of FIG. 3 with one machine.
 *
 * @throws {VnsimError} where the numbers make no sense
 */
export function networks(options: NetworkOptions = {}): fc.Arbitrary<Network> {
  return plans(options).map((plan) => loadNetwork(withoutEmpty(scenarioOf(plan)), { file: 'network.yaml' }));
}

function plans({
  customers = { min: 1, max: 3 },
  outside = false,
}: NetworkOptions): fc.Arbitrary<NetworkPlan> {
  const { min, max } = typeof customers === 'number' ? { min: customers, max: customers } : customers;
  const most = TENANTS.length;
  if (![min, max].every(Number.isInteger) || min < 1 || max > most || min > max) {
    const help = `a number from 1 to ${most}, or { min, max }`;
    throw VnsimError.about('usage/argument', `${JSON.stringify(customers)} is no number of customers`, help);
  }
  const isWanted = ({ tenants }: NetworkPlan) => tenants.length >= min && tenants.length <= max;
  const plan = anyNetwork.filter(isWanted);
  return outside ? fc.tuple(plan, anyBorders).map(([whole, borders]) => ({ ...whole, borders })) : plan;
}

/** Whether an entry may be left out where there is nothing in it. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'firewalls',
  'acls',
  'instances',
  'routes',
  'steps',
  'links',
  'hsms',
]);

/** The same scenario without lists and maps that have nothing in them, and without the usual: what is left is what matters. */
function withoutEmpty(text: ScenarioText): ScenarioText {
  const { underlay, ...provider } = text.provider;
  const unusual = underlay === undefined || underlay === 'ipv4' ? provider : text.provider;
  return pruned({ ...text, provider: unusual }) as ScenarioText;
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, part]) => {
    const empty = typeof part === 'object' && part !== null && Object.keys(part).length === 0;
    return empty && OPTIONAL.has(key) ? [] : [[key, pruned(part)] as const];
  });
  return Object.fromEntries(kept);
}
