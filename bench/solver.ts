/**
 * The same small questions to us and to z3: `npx tsx bench/solver.ts`. Both begin with the rules: that we cut them into boxes, and
 * that z3 reads a formula, is counted; that z3 starts is not. A Program's rules are cut once for all questions to it, so what the
 * question alone costs stands beside it.
 */
import { cidr, ipv4, port, portRange } from '../src/address/index.ts';
import { present } from '../src/base/index.ts';
import { type FilterRule, type RuleTable, ruleTable } from '../src/program/index.ts';
import { type Box, FIELD, isEmpty, subtract } from '../src/verify/index.ts';
import { narrowRange, type SetNode } from '../src/verify/set-node.ts';
import { formulaOfRules, tellApart } from '../test/support/solver.ts';
import { anything, run } from '../test/support/transfers.ts';
import { measure, printTable, type Row } from './measure.ts';

const LENGTHS = [5, 20, 50, 200];
/** Rounds of ours, so that code is warm. */
const REPEATED = 100;
/** Rules in questions to the solver at once: it takes a while to start, and one question tells nothing. */
const RULES_AT_ONCE = 10_000;

/** To port 22, from anywhere. */
const SSH = present(narrowRange(anything, FIELD.targetPort, 22, 22), 'there is a port 22');

function lists(length: number): readonly [FilterRule[], FilterRule[]] {
  const rules = Array.from({ length }, (_, index): FilterRule => {
    const at = port(1_000 + 3 * index);
    return {
      protocol: 'tcp',
      peer: cidr(ipv4(0x0a000000 + (index << 8)), 24),
      ports: portRange(at, at),
      from: null,
    };
  });
  return [rules, [...rules].reverse()];
}

/** What passes of a set that comes in. */
function boxesOf(table: RuleTable<FilterRule>, set: SetNode): readonly Box[] {
  const stage = {
    kind: 'filter',
    firewall: 'fw',
    direction: 'in',
    rules: table,
    tracking: null,
  } as const;
  return run(stage, set).map(({ header }) => header.now);
}

async function secondsOf(pairs: readonly (readonly [string, string])[]): Promise<number> {
  const begin = performance.now();
  const said = await tellApart(pairs);
  if (said.some((answer) => answer !== 'unsat')) throw new Error('the solver tells equal lists apart');
  return (performance.now() - begin) / 1_000;
}

type Cut = (rules: readonly FilterRule[]) => RuleTable<FilterRule>;

interface Question {
  readonly name: string;
  readonly length: number;
  readonly pair: readonly [one: string, other: string];
  /** @param cut gives the table of a list: a new one, or one that has been cut into boxes before */
  readonly ours: (cut: Cut) => boolean;
}

function questions(length: number): readonly Question[] {
  const [one, other] = lists(length);
  const formula = formulaOfRules(one);
  return [
    {
      length,
      name: `does any packet to port 22 pass ${length} rules?`,
      pair: [`(and ${formula} (= port (_ bv22 16)))`, 'false'],
      ours: (cut) => isEmpty(boxesOf(cut(one), SSH)),
    },
    {
      length,
      name: `do two lists of ${length} rules let the same through?`,
      pair: [formula, formulaOfRules(other)],
      ours: (cut) => {
        const [left, right] = [boxesOf(cut(one), anything), boxesOf(cut(other), anything)];
        return isEmpty(subtract(left, right)) && isEmpty(subtract(right, left));
      },
    },
  ];
}

function nanosOf(ours: Question['ours'], cut: Cut): number {
  return measure('sets', REPEATED, () => {
    let yes = 0;
    for (let round = 0; round < REPEATED; round += 1) yes += ours(cut) ? 1 : 0;
    if (yes !== REPEATED) throw new Error('the sets do not agree');
    return yes;
  }).nanosEach;
}

async function compared({ name, length, pair, ours }: Question): Promise<Row> {
  const known = new Map<readonly FilterRule[], RuleTable<FilterRule>>();
  const kept: Cut = (rules) => {
    const table = known.get(rules) ?? ruleTable(rules);
    known.set(rules, table);
    return table;
  };
  const [first, again] = [nanosOf(ours, ruleTable), nanosOf(ours, kept)];
  const few = await secondsOf([pair]);
  const more = RULES_AT_ONCE / length;
  const many = await secondsOf(Array.from({ length: more + 1 }, () => pair));
  const solver = (many - few) / more;
  const times = (nanos: number): string => `${((solver * 1e9) / nanos).toFixed(0)} times`;
  return {
    question: name,
    'rules to answer': `${(first / 1_000).toFixed(1)} us`,
    'question alone': `${(again / 1_000).toFixed(1)} us`,
    'by z3': `${(solver * 1_000).toFixed(1)} ms`,
    'z3 takes': times(first),
    'of the question': times(again),
  };
}

const rows: Row[] = [];
for (const question of LENGTHS.flatMap(questions)) rows.push(await compared(question));
printTable('The same small questions, from rules to answer and with rules that are cut already', rows);
process.exit(0);
