import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/packet/index.ts';
import { loadScenario } from '../../src/scenario/index.ts';
import { type Ran, runScenario } from '../../src/scenario/run.ts';
import { tablesOf } from '../../src/scenario/tables.ts';

const FILE = readFileSync('scenarios/rped.yaml', 'utf8');
const PIN = '4711-4711';

/** The first PIN, said in the clear: what the channel is for. */
const IN_THE_CLEAR = FILE.replace(
  'rped: [unlock payments client-220 crypto-officer 4711-4711]',
  'payload: "PRESENT payments client-220 crypto-officer 4711-4711"',
).replace('      answers: [OK]\n', '');

function ran(text: string): Ran {
  const { scenario, diagnostics } = loadScenario(text, 'rped.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const result = runScenario(scenario);
  if (!result.ok) throw new Error(result.fault.map(({ message }) => message).join('; '));
  return result.value;
}

/** Everything that could be written down: texts and bytes, bytes as characters. */
function* writings(value: unknown, seen: Set<unknown> = new Set()): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Uint8Array) yield Buffer.from(value).toString('latin1');
  else if (value instanceof Map) {
    for (const [key, inner] of value) yield* writings([key, inner], seen);
  } else if (Array.isArray(value) && value.every((one) => Number.isInteger(one) && one >= 0 && one < 256)) {
    yield Buffer.from(value as number[]).toString('latin1');
  } else for (const inner of Object.values(value)) yield* writings(inner, seen);
}

const FORMS = [PIN, Buffer.from(PIN).toString('hex'), Buffer.from(PIN).toString('base64').replace(/=+$/, '')];
const tells = (text: string): boolean => FORMS.some((form) => text.includes(form));

/** Where a PIN is found after a run. */
function foundIn({ world, report }: Ran): readonly string[] {
  const places: Record<string, unknown> = {
    packets: world.trace
      .journeys()
      .flatMap(({ frame, steps }) => [frame, ...steps.map(({ before }) => before)])
      .map((frame) => encodeFrame(frame)),
    trace: world.trace.journeys(),
    snapshots: [...world.machines.values()].map(({ stack }) => stack.save()),
    events: [...world.machines.values()].map(({ events }) => events),
    tables: (['hsm', 'log', 'patches', 'inventory', 'connections'] as const).map((table) =>
      tablesOf(world, table),
    ),
    report: report.steps.map(({ title, checks, answer }) => ({ title, checks, answer })),
    remembered: world.remembered,
  };
  return Object.keys(places).filter((place) => [...writings(places[place])].some(tells));
}

describe('a PIN that is entered at RPED 214', () => {
  it('[D-19] is in no packet, trace, snapshot, event, table or report, as it is, in hex or in base64', () => {
    const run = ran(FILE);
    expect(run.report.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(foundIn(run)).toEqual([]);
  });

  it('[D-19] would be found, were it said without the channel', () => {
    expect(IN_THE_CLEAR).not.toBe(FILE);
    expect(foundIn(ran(IN_THE_CLEAR))).toEqual(expect.arrayContaining(['packets', 'trace']));
  });

  it('[D-19] comes from a PIN entry device and from nobody else', () => {
    const wrong = FILE.replace(
      'from: rped-214\n      to: 10.0.0.201',
      'from: admin-pc\n      to: 10.0.0.201',
    );
    const { scenario, diagnostics } = loadScenario(wrong, 'rped.yaml');
    expect(scenario).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toEqual(['scenario/wrong-kind']);
  });

  it('[D-19] [U-02] unlocks the module on the premises by a device of its own make in the same way', () => {
    const local = FILE.slice(0, FILE.indexOf('  - name: A PIN that an application gives'))
      .replaceAll('to: 10.0.0.201', 'to: 172.16.0.16')
      .concat(`
  - send: { from: rped-214, to: 172.16.0.16, tcp: { port: 1503 }, rped: [unlock payments client-220 crypto-officer ${PIN}] }
    expect: { delivered: hsm-216, answers: [NOT_AUTHENTICATED] }
  - send: { from: rped-of-another, to: 172.16.0.16, tcp: { port: 1503 }, rped: [unlock payments client-220 crypto-officer ${PIN}] }
    expect: { delivered: hsm-216, answers: [OK] }
  - send: { from: client-220, to: 172.16.0.16, tcp: { port: 1792 }, pkcs11: [login-rped 1] }
    expect: { delivered: hsm-216, answers: [OK] }
`);
    const run = ran(local);
    expect(run.report.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(foundIn(run)).toEqual([]);
  });

  it('[D-19] [T4] is as safe on a connection that the module has opened, and a device of another make is as useless', () => {
    const file = readFileSync('scenarios/rped-and-nat.yaml', 'utf8');
    const run = ran(file);
    expect(run.report.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(foundIn(run)).toEqual([]);
    const other = file.replace(
      'rped-214: { address: 172.16.0.14, model: luna-sa }',
      'rped-214: { address: 172.16.0.14, model: cryptoserver }',
    );
    const refused = ran(
      other.replace(
        'hsms: { hsm-216:',
        'hsms: { spare: { address: 172.16.0.17, model: cryptoserver }, hsm-216:',
      ),
    );
    const called = refused.report.steps.find(({ title }) => title.startsWith('At home the module calls'));
    expect(called?.checks.at(-1)?.message).toContain('NOT_AUTHENTICATED');
    expect(foundIn(refused)).toEqual([]);
  });

  it('[D-19] [T4] is entered nowhere when a machine that is no module calls a device, or a device that was opened is called', () => {
    const file = readFileSync('scenarios/rped-and-nat.yaml', 'utf8');
    const plain = ran(
      `${file.slice(0, file.indexOf('  - name: Both modules are set up'))}
  - send: { from: hsm-216, to: 172.16.0.14, tcp: { port: 1503 }, rped: [unlock payments client-220 crypto-officer ${PIN}] }
    expect: { outcome: not-configured, answers: [NOT_CONFIGURED] }
`.replace(
        'address: 172.16.0.16, model: luna-sa, endpoint: module',
        'address: 172.16.0.16, model: luna-sa, endpoint: echo',
      ),
    );
    expect(plain.report.checks.filter(({ passed }) => !passed)).toEqual([]);
    const opened = ran(
      file
        .slice(0, file.indexOf('  - send: { from: client-220, to: 172.16.0.16'))
        .replace(
          '  - name: At home the module calls',
          '  - tamper: { device: rped-214 }\n  - name: At home the module calls',
        )
        .replace('      answers: [OK]\n      fail: Between', '      fail: Between'),
    );
    expect(opened.report.steps.at(-1)?.answer ?? null).toBeNull();
    expect(foundIn(opened)).toEqual([]);
  });
});
