import type { Ip } from '../address/index.ts';
import { present } from '../base/index.ts';
import type { Firewall, FirewallRule, Model, VirtualInterface } from '../model/index.ts';
import { LARGEST_PACKET } from '../packet/index.ts';
import type { ProgramBuilder, StageOf } from './builder.ts';
import { NOWHERE } from './program.ts';
import { type RuleTable, ruleTable } from './rule-table.ts';
import type { FilterRule, Members, Origin } from './stages.ts';

/** The stages of an interface's firewalls; without any, or without anything to say, there is none. */
export interface Filters {
  readonly in: readonly FilterStage[];
  readonly out: readonly FilterStage[];
}

type FilterStage = StageOf<'filter'> | StageOf<'gather'> | StageOf<'fit'>;

const NO_FILTERS: Filters = { in: [], out: [] };

/**
 * The union of an interface's firewalls, once for each direction, around one table of connections.
 *
 * A stateless one remembers nothing and lets everything out, so it has a stage for what comes in and no other. A stateful one
 * looks at whole datagrams: pieces wait for each other in front of it and go on behind it as they came.
 */
export function filtersOf(
  builder: ProgramBuilder,
  model: Model,
  vni: VirtualInterface,
  name: string,
): Filters {
  if (vni.firewalls.length === 0) return NO_FILTERS;
  const firewalls = vni.firewalls.map((id) => present(model.firewalls[id], `firewall ${id}`));
  const stateful = firewalls.some((firewall) => firewall.stateful);
  const from: Origin = { record: `firewall of ${name}`, source: vni.from };
  const tracking = stateful
    ? { table: builder.table(`${vni.id}/firewall`, 'aws'), timers: 'aws' as const }
    : null;
  const rules = unionOf(model, firewalls);
  const stage = (direction: 'in' | 'out'): StageOf<'filter'> => ({
    kind: 'filter',
    from,
    firewall: name,
    direction,
    rules: rules[direction],
    tracking,
  });
  if (!stateful) return { in: [stage('in')], out: [] };
  const whole = (direction: 'in' | 'out'): readonly FilterStage[] => [
    {
      kind: 'gather',
      from,
      table: builder.fragmentTable(`${vni.id}/firewall:${direction}`),
      errors: NOWHERE,
      reporter: vni.address,
    },
    stage(direction),
    {
      kind: 'fit',
      from,
      link: `the port of ${name}`,
      mtu: LARGEST_PACKET,
      errors: NOWHERE,
      reporter: vni.address,
    },
  ];
  return { in: whole('in'), out: whole('out') };
}

interface Compiled {
  readonly in: RuleTable<FilterRule>;
  readonly out: RuleTable<FilterRule>;
}

/** Rules are compiled once for a model, however many interfaces carry them. */
const COMPILED = new WeakMap<Model, Map<string, Compiled>>();

/** What any of several firewalls allows. */
function unionOf(model: Model, firewalls: readonly Firewall[]): Compiled {
  let known = COMPILED.get(model);
  if (known === undefined) {
    known = new Map();
    COMPILED.set(model, known);
  }
  const key = firewalls.map(({ id }) => id).join(' ');
  let compiled = known.get(key);
  if (compiled === undefined) {
    const members = membersOf(model);
    const rules = (direction: 'in' | 'out'): RuleTable<FilterRule> =>
      ruleTable(
        firewalls.flatMap((firewall) => firewall[direction].map((rule) => ruleOf(model, rule, members))),
      );
    compiled = { in: rules('in'), out: rules('out') };
    known.set(key, compiled);
  }
  return compiled;
}

function ruleOf(
  model: Model,
  { protocol, peer, ports, from }: FirewallRule,
  members: ReadonlyMap<string, ReadonlySet<Ip>>,
): FilterRule {
  if (!('firewall' in peer)) return { protocol, peer, ports, from };
  const named: Members = {
    firewall: present(model.firewalls[peer.firewall], `firewall ${peer.firewall}`).name,
    addresses: members.get(peer.firewall) ?? new Set(),
  };
  return { protocol, peer: named, ports, from };
}

const MEMBERS = new WeakMap<Model, ReadonlyMap<string, ReadonlySet<Ip>>>();

/** The addresses of the interfaces that carry each firewall. */
function membersOf(model: Model): ReadonlyMap<string, ReadonlySet<Ip>> {
  const known = MEMBERS.get(model);
  if (known !== undefined) return known;
  const found = new Map<string, Set<Ip>>();
  for (const { firewalls, address } of Object.values(model.interfaces)) {
    for (const id of firewalls) found.set(id, (found.get(id) ?? new Set()).add(address));
  }
  MEMBERS.set(model, found);
  return found;
}
