import { describe, expect, it } from 'vitest';
import {
  CALL_CODES,
  diff,
  loadNetwork,
  type Network,
  type Packet,
  perform,
  prove,
  reach,
  type ScenarioText,
  type StepText,
  snapshot,
  type TableName,
  trace,
  VnsimError,
} from '../../src/library/index.ts';
import { scenarioFile } from './scenario-file.ts';

const fig3 = loadNetwork(scenarioFile('fig3'));
const tenants = loadNetwork(scenarioFile('two-tenants'), { steps: 'building' });

/** What somebody without types may hand over. */
const wrong = <Value>(value: unknown): Value => value as Value;
const packet = (rest: object): Packet => wrong({ from: 'app-310', to: '10.0.0.201', icmp: 'echo', ...rest });
const cycle: { self?: unknown } = {};
cycle.self = cycle;

/** What somebody does, the code of the complaint, and words in its message or way out. */
const MISTAKES: readonly (readonly [what: string, attempt: () => unknown, code: string, words: string])[] = [
  [
    'no sender of that name',
    () => trace(fig3, packet({ from: 'app-31' })),
    'scenario/unknown-name',
    '"app-310"',
  ],
  ['a name of two', () => trace(tenants, packet({})), 'scenario/ambiguous-name', 'globex/app-310'],
  [
    'an octet too large',
    () => trace(fig3, packet({ to: '10.0.0.2011' })),
    'address/not-an-address',
    '10.0.0.2011',
  ],
  ['a sender that cannot send', () => trace(fig3, packet({ from: 'tor' })), 'scenario/wrong-kind', 'ToR'],
  [
    'port NaN',
    () => trace(fig3, packet({ icmp: undefined, tcp: { port: Number.NaN } })),
    'scenario/wrong-value',
    '65535',
  ],
  [
    'port 70000',
    () => trace(fig3, packet({ icmp: undefined, tcp: { port: 70_000 } })),
    'scenario/wrong-value',
    '70000',
  ],
  ['a huge TTL', () => trace(fig3, packet({ ttl: 1e300 })), 'scenario/wrong-value', '255'],
  ['a key that is none', () => trace(fig3, packet({ form: 'x' })), 'scenario/unknown-key', '"from"'],
  ['two protocols', () => trace(fig3, packet({ tcp: { port: 1 } })), 'scenario/wrong-value', 'icmp'],
  ['a bigint', () => trace(fig3, packet({ ttl: 1n })), 'usage/data', 'the packet.ttl is a bigint'],
  [
    'a date',
    () => trace(fig3, packet({ payload: new Date(0) })),
    'usage/data',
    'the packet.payload is a Date',
  ],
  ['a circle', () => loadNetwork(wrong({ title: 'x', provider: cycle })), 'usage/data', 'contains itself'],
  ['nothing', () => loadNetwork(wrong(undefined)), 'usage/data', 'undefined'],
  ['a number for a scenario', () => loadNetwork(wrong(7)), 'scenario/wrong-type', '7'],
  ['no packet', () => trace(fig3, wrong(null)), 'scenario/no-value', 'send'],
  [
    'text for a network',
    () => trace(wrong<Network>('fig3.yaml'), packet({})),
    'usage/network',
    'loadNetwork',
  ],
  ['an object for a network', () => diff(wrong<Network>({}), fig3), 'usage/network', 'loadNetwork'],
  ['seed NaN', () => loadNetwork(fig3.text(), { seed: Number.NaN }), 'usage/argument', 'NaN'],
  ['too many steps', () => loadNetwork(fig3.text(), { steps: 1e9 }), 'usage/argument', 'from 0 to'],
  ['no claim', () => prove(fig3, 'all is well'), 'scenario/bad-claim', 'claims are'],
  [
    'a claim about nobody',
    () => prove(fig3, 'nothing from acne reaches hsm-326'),
    'scenario/unknown-name',
    '"acme"',
  ],
  ['a claim that is no text', () => prove(fig3, wrong(7)), 'scenario/bad-claim', '7'],
  ['nobody to reach', () => reach(fig3, 'app-310', 'hsm-36'), 'usage/name', '"hsm-326"'],
  ['no text to reach', () => reach(fig3, 'app-310', wrong(Number.NaN)), 'usage/name', 'to is'],
  ['no such traffic', () => reach(fig3, 'app-310', 'hsm-326', 'tpc/22'), 'usage/port', '"tcp"'],
  ['no such table', () => snapshot(fig3, wrong<TableName>('route')), 'usage/table', '"routes"'],
  ['no time', () => loadNetwork(scenarioFile('fig3'), { steps: { until: 'soon' } }), 'usage/time', 'soon'],
  [
    'no such step',
    () => perform(fig3, wrong<StepText>({ fial: { zone: 'x' } })),
    'scenario/unknown-key',
    '"fail"',
  ],
  ['no such zone', () => perform(fig3, { fail: { zone: 'zone-36' } }), 'scenario/unknown-name', 'zone-306'],
  [
    'what the provider refuses',
    () =>
      perform(tenants, {
        'request-hsm': { customer: 'globex', subnet: 'subnet-308', address: '10.0.0.202', hsm: 'hsm-326' },
      }),
    'provider/no-capacity',
    'hsm-326',
  ],
];

describe('[DC-10] what is wrong is complained of, with a way out', () => {
  it.each(MISTAKES)('%s', (_, attempt, code, words) => {
    const complaint = complaintsOf(attempt)[0];
    expect(complaint?.code).toBe(code);
    expect(`${complaint?.message} ${complaint?.help} ${complaint?.excerpt}`).toContain(words);
  });

  it('in the message of the error too, as the command line tells it', () => {
    expect(() => trace(fig3, packet({ from: 'app-31' }))).toThrow(
      [
        'error[scenario/unknown-name]  no device is called "app-31"',
        '  --> the packet:1:19',
        '   1 | - { send: { from: app-31, to: 10.0.0.201, icmp: echo } }',
        '     |                   ^^^^^^',
        '   = did you mean "app-310"?',
      ].join('\n'),
    );
  });

  it('all mistakes of a scenario at once', () => {
    const broken: ScenarioText = wrong({ ...fig3.scenario, seed: -1, titel: 'x' });
    expect(complaintsOf(() => loadNetwork(broken)).map(({ code }) => code)).toEqual([
      'scenario/wrong-value',
      'scenario/unknown-key',
    ]);
  });

  it('and every code of a call is one that somebody can bring about', () => {
    const seen = new Set(MISTAKES.flatMap(([, attempt]) => complaintsOf(attempt).map(({ code }) => code)));
    expect(Object.keys(CALL_CODES).filter((code) => !seen.has(code as never))).toEqual([
      'usage/nothing-sent',
    ]);
  });
});

function complaintsOf(attempt: () => unknown): VnsimError['complaints'] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof VnsimError) return error.complaints;
    throw error;
  }
  return [];
}
