import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameAfter } from '../../src/dataplane/index.ts';
import { encodeFrame } from '../../src/packet/index.ts';
import {
  loadScenario,
  prepareWorld,
  type ScenarioText,
  tablesOf,
  type World,
} from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const textHex = (text: string): string => hexOf(new TextEncoder().encode(text));

function loaded(file: string, change: (text: string) => string = (text) => text) {
  const { scenario, diagnostics } = loadScenario(
    change(readFileSync(`scenarios/${file}.yaml`, 'utf8')),
    file,
  );
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return scenario;
}

/** The world after all steps of a file, and what was said on the way that nobody may overhear. */
function worldAfter(file: string, change?: (text: string) => string): World {
  const world = prepareWorld(loaded(file, change), { kind: 'instant', at: (90 * 24 * 3600 * 1e9) as never });
  if (!world.ok) throw new Error(world.fault.map(({ message }) => message).join('; '));
  return world.value;
}

/** The checks of a run that no refusal ended. */
function checksOf(ran: ReturnType<typeof runScenario>) {
  if (!ran.ok) throw new Error(ran.fault.map(({ message }) => message).join('; '));
  return ran.value.report.checks;
}

/** Every frame that ever was on a wire, in hexadecimal. */
function wires({ trace }: World): string {
  const frames = trace.journeys(0).flatMap((journey) =>
    journey.steps.flatMap((step) => {
      const frame = frameAfter(step);
      return frame === null ? [] : [hexOf(encodeFrame(frame))];
    }),
  );
  return frames.join('\n');
}

describe('the security module in the network of FIG. 3', () => {
  it('[P13] [B-12] [U-23] lets no secret cross the network; without its channel the scanner finds what was said', () => {
    const world = worldAfter('fig4');
    const crossed = wires(world);
    const password = String(world.remembered.get('create-administrator.password'));
    expect(password).toHaveLength(16);
    const secrets = [
      password,
      'provider',
      'alice-secret',
      'sam-secret',
      'officer-pin',
      'user-pin',
      'the salary of everybody',
    ];
    for (const secret of secrets) {
      expect(crossed).not.toContain(textHex(secret));
      expect(crossed).not.toContain(textHex(hexOf(new TextEncoder().encode(secret))));
      expect(crossed).not.toContain(textHex(btoa(secret).replace(/=+$/, '').slice(0, -1)));
    }
    expect(crossed.length).toBeGreaterThan(50_000);
    expect(wires(worldAfter('fig3'))).toContain(textHex('SIGN hello from app-310'));
  });

  it('[A-01] [U-24] [U-28] shows its console, its partitions and what custody guarantees, and no key', () => {
    const world = worldAfter('backup-restore-mbk');
    const [, modules, partitions, guarantees] = tablesOf(world, 'hsm');
    expect(modules?.rows.map((row) => row.slice(0, 4))).toEqual([
      ['hsm-1', 'zeroised', '', '2'],
      ['hsm-2', 'initialised', 'second', '1'],
    ]);
    expect(partitions?.rows.map((row) => row.slice(0, 4))).toEqual([['hsm-2', 'payments', 'active', '1']]);
    expect(guarantees?.rows.map((row) => row[1])).toEqual(['the module', 'the module', 'payments']);
    expect(guarantees?.rows[0]?.[2]).toContain('the provider can neither back keys up nor restore');
  });

  it('[DC-07] [P30] says the same twice, and other passwords with another seed', () => {
    const said = (change?: (text: string) => string): string =>
      JSON.stringify([...worldAfter('fig4', change).remembered.entries()]);
    expect(said()).toBe(said());
    expect(said((text) => text.replace('seed: 4', 'seed: 5'))).not.toBe(said());
  });

  it('[Q-18] [P7] [T2] decides by the certificate: clients may change places and addresses', () => {
    const run = (change: (text: string) => string) => checksOf(runScenario(loaded('fig4', change)));
    const swapped = run((text) =>
      text
        .replace('address: 10.0.0.7 }', 'address: 10.0.0.70 }')
        .replace('address: 10.0.0.66 }', 'address: 10.0.0.7 }'),
    );
    expect(swapped.length).toBeGreaterThan(50);
    expect(swapped.filter(({ passed }) => !passed)).toEqual([]);
  });
});

describe('what a file may say to a security module', () => {
  const text = (send: object): ScenarioText => ({
    title: 'talk',
    provider: { zones: ['here'], hsms: { hsm: { zone: 'here', address: '10.10.0.3', endpoint: 'module' } } },
    customers: {
      acme: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { one: { cidr: '10.0.0.0/24', zone: 'here' } },
          instances: { app: { subnet: 'one', address: '10.0.0.7' } },
        },
        roles: { hsm: { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [{ send: { from: 'app', to: '10.0.0.201', ...send } } as never],
  });
  const complaints = (send: object): readonly string[] =>
    loadScenario(JSON.stringify(text(send)), 'talk.yaml').diagnostics.map(({ message }) => message);

  it.each([
    [{ icmp: 'echo', console: ['show'] }, 'a security module is talked to over one TCP connection'],
    [
      { tcp: { port: 22 }, payload: 'x', console: ['show'] },
      'a security module is talked to over one TCP connection',
    ],
    [
      { tcp: { port: 22 }, console: ['show'], pkcs11: ['slots'] },
      'one connection is for the console, for keys, for a PIN, for a keystore or for a storage service',
    ],
    [{ tcp: { port: 22 }, as: 'app' }, 'only an application shows a certificate'],
  ])('%j is complained about', (send, message) => {
    expect(complaints(send)).toContain(message);
  });

  it('a wrong line is answered by the module, which goes on', () => {
    const { scenario } = loadScenario(
      JSON.stringify({
        ...text({}),
        steps: [
          { 'request-hsm': { customer: 'acme', subnet: 'one', address: '10.0.0.201' } },
          {
            send: { from: 'app', to: '10.0.0.201', tcp: { port: 22 }, console: ['', 'logon', 'show'] },
            expect: { answers: ['BAD_VALUE', 'BAD_VALUE', 'OK'] },
          },
        ],
      }),
      'talk.yaml',
    );
    if (scenario === null) throw new Error('it loads');
    expect(checksOf(runScenario(scenario)).map(({ passed }) => passed)).toEqual([true, true, true]);
  });
});
