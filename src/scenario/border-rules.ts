import { formatIp } from '../address/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { Directory } from './directory.ts';
import type { NetworkStep, Path } from './scenario.ts';
import type { Fault } from './shape.ts';
import { quoted, suggest } from './wording.ts';

/** Rules about where virtual networks lead. What a table may hold at all is the provider's business. */
export const borderRules: readonly Rule[] = [
  routesLeadSomewhere,
  stepsNameWhatIs,
  publicsHaveGateways,
  middlesForward,
];

/** Before any step a route can lead to what the file declares: peerings come later. */
function routesLeadSomewhere({ customers, directory }: Draft): readonly Fault[] {
  return customers.flatMap(({ name, network }) =>
    network.subnets.flatMap(({ routes }) =>
      routes.flatMap(({ via, where }) =>
        via === null ? [] : unknownTarget([...where, 'via'], name, via, targetsIn(directory, name), false),
      ),
    ),
  );
}

/** What a customer's routes may lead to. */
function targetsIn({ gateways, entries }: Directory, customer: string): readonly string[] {
  const machines = entries.filter(
    (entry) => entry.kind === 'instance' && entry.customer === customer && entry.since < 0,
  );
  return [...(gateways.get(customer) ?? []), ...machines.map(({ name }) => name)];
}

function unknownTarget(
  where: Path,
  customer: string,
  via: string,
  known: readonly string[],
  atStep: boolean,
): readonly Fault[] {
  if (known.includes(via)) return [];
  const peerings = atStep ? ' and no peering' : '';
  const message = `${customer} has no gateway or instance${peerings} called ${quoted(via)}`;
  const help =
    suggest(via, known, 'routes may lead to') ?? 'routes to a peering are added by a step: add-route';
  return [{ code: 'scenario/unknown-name', where, complaint: { message, help } }];
}

/** Names in the steps about networks, each looked up as it is at that step. */
function stepsNameWhatIs(draft: Draft): readonly Fault[] {
  const peerings: string[] = [];
  return draft.steps.flatMap((step, index): readonly Fault[] => {
    if (step == null || !isNetworkStep(step)) return [];
    const isWhole = !draft.steps.slice(0, index).includes(null);
    const faults = namesIn(draft, step, peerings, isWhole);
    if (step.kind === 'peer') peerings.push(step.peering);
    return faults;
  });
}

const KINDS: ReadonlySet<string> = new Set<NetworkStep['kind']>([
  'add-route',
  'remove-route',
  'attach-gateway',
  'detach-gateway',
  'peer',
  'accept-peering',
  'open-channel',
]);

export function isNetworkStep(step: { readonly kind: string }): step is NetworkStep {
  return KINDS.has(step.kind);
}

/** A step that has a mistake of its own may be the one that makes a peering: `isWhole` where there is none such before. */
function namesIn(
  draft: Draft,
  step: NetworkStep,
  peerings: readonly string[],
  isWhole: boolean,
): readonly Fault[] {
  const where = [...step.where, step.kind];
  const known = draft.directory.customers;
  if (!known.includes(step.customer))
    return unknown([...where, 'customer'], 'customer', step.customer, known);
  switch (step.kind) {
    case 'add-route':
    case 'remove-route': {
      const subnets = draft.directory.subnets.get(step.customer) ?? [];
      const wrong = subnets.includes(step.subnet)
        ? []
        : unknown([...where, 'subnet'], 'subnet', step.subnet, subnets);
      if (step.kind === 'remove-route' || step.via === null) return wrong;
      if (!isWhole) return wrong;
      const targets = [...targetsIn(draft.directory, step.customer), ...peerings];
      return [...wrong, ...unknownTarget([...where, 'via'], step.customer, step.via, targets, true)];
    }
    case 'attach-gateway':
    case 'detach-gateway': {
      const gateways = draft.directory.gateways.get(step.customer) ?? [];
      if (gateways.includes(step.gateway)) return [];
      return unknown([...where, 'gateway'], 'gateway', step.gateway, gateways);
    }
    case 'peer':
      return known.includes(step.with) ? [] : unknown([...where, 'with'], 'customer', step.with, known);
    case 'accept-peering':
      if (!isWhole || peerings.includes(step.peering)) return [];
      return unknown([...where, 'peering'], 'peering', step.peering, peerings);
    case 'open-channel':
      return [];
  }
}

function unknown(where: Path, sort: string, name: string, known: readonly string[]): readonly Fault[] {
  const message = `no ${sort} is called ${quoted(name)}${sort === 'peering' ? ' at this step' : ''}`;
  const help = suggest(name, known, `${sort}s`) ?? `there are no ${sort}s`;
  return [{ code: 'scenario/unknown-name', where, complaint: { message, help } }];
}

/** A public address without a gateway is nobody's: no packet ever bears it. */
function publicsHaveGateways({ customers }: Draft): readonly Fault[] {
  return customers.flatMap(({ name, network }) =>
    network.gateways.some(({ kind }) => kind === 'internet')
      ? []
      : network.instances.flatMap((instance): readonly Fault[] => {
          if (instance.public === null) return [];
          const message = `${formatIp(instance.public)} is never used: ${name} has no gateway to the Internet`;
          const help = 'gateways: { igw-1: internet }, and a route to it';
          const where = [...instance.where, 'public'];
          return [{ code: 'scenario/no-gateway', where, complaint: { message, help } }];
        }),
  );
}

/** What is led through a machine that keeps its source check is dropped there. */
function middlesForward({ customers, steps }: Draft): readonly Fault[] {
  return customers.flatMap((customer) => {
    const ends = customer.network.instances.filter(({ sourceCheck }) => sourceCheck).map(({ name }) => name);
    const declared = customer.network.subnets.flatMap(({ routes }) => routes);
    const added = steps.flatMap((step) =>
      step?.kind === 'add-route' && step.customer === customer.name
        ? [{ via: step.via, where: [...step.where, 'add-route'] }]
        : [],
    );
    return [...declared, ...added].flatMap(({ via, where }): readonly Fault[] => {
      if (via === null || !ends.includes(via)) return [];
      const message = `${via} does not forward for others, so it drops what this route leads to it`;
      const complaint = { message, help: `${via}: { source-check: false } makes it forward` };
      return [{ code: 'scenario/route-to-end', where: [...where, 'via'], complaint }];
    });
  });
}
