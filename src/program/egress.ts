import { ANY_PORT, everywhere, type Ip } from '../address/index.ts';
import { LARGEST_PACKET } from '../packet/index.ts';
import type { NewStage, ProgramBuilder, StageOf } from './builder.ts';
import { NOWHERE } from './program.ts';
import { ruleTable } from './rule-table.ts';
import type { FilterRule, Origin } from './stages.ts';

/** The stages of a gateway that lets everybody out, and nobody in but those who were asked: a firewall without a rule for what comes in. */
export interface Egress {
  readonly in: readonly NewStage[];
  readonly out: readonly NewStage[];
}

/** As filters of interfaces do it: pieces wait for each other in front, and go on behind as they came. */
export function egressOnly(
  builder: ProgramBuilder,
  id: string,
  name: string,
  address: Ip,
  from: Origin,
): Egress {
  const tracking = { table: builder.table(`${id}/egress`, 'aws'), timers: 'aws' as const };
  const anything: FilterRule = {
    protocol: 'any',
    peer: everywhere(address),
    ports: ANY_PORT,
    from: from.source,
  };
  const filter = (direction: 'in' | 'out'): StageOf<'filter'> => {
    const rules = ruleTable(direction === 'out' ? [anything] : []);
    return { kind: 'filter', from, firewall: name, direction, rules, tracking, egressOnly: true };
  };
  const whole = (direction: 'in' | 'out'): readonly NewStage[] => [
    {
      kind: 'gather',
      from,
      table: builder.fragmentTable(`${id}/egress:${direction}`),
      errors: NOWHERE,
      reporter: address,
    },
    filter(direction),
    {
      kind: 'fit',
      from,
      link: `the other side of ${name}`,
      mtu: LARGEST_PACKET,
      errors: NOWHERE,
      reporter: address,
    },
  ];
  return { in: whole('in'), out: whole('out') };
}
