import { readFileSync } from 'node:fs';
import { loadScenario, runScenario } from '../src/scenario/index.ts';
import { amount, measure, printTable, type Row } from './measure.ts';

const LINES = 40;

/** FIG. 4 up to the keys of app-310, who then says some lines over one connection through FIG. 3. */
function run(lines: readonly string[]): number {
  const text = readFileSync('scenarios/fig4.yaml', 'utf8');
  const setUp = text.slice(0, text.indexOf('  - name: app-310 makes keys'));
  const keys = [
    'init-token 1 officer-pin user-pin payments',
    'login 1 user-pin',
    'make ed25519 payroll',
    'make aes vault',
  ];
  const step = {
    send: { from: 'app-310', to: '10.0.0.201', tcp: { port: 1792 }, pkcs11: [...keys, ...lines] },
  };
  const { scenario } = loadScenario(`${setUp}  - ${JSON.stringify(step)}\n`, 'bench.yaml');
  if (scenario === null) throw new Error('the file loads');
  const ran = runScenario(scenario);
  if (!ran.ok) throw new Error('the scenario runs');
  return ran.value.world.trace.count;
}

/** What one line of an application costs end to end: calls of PKCS#11, channel, TCP, packets, translation, and back. */
function benchWire(): readonly Row[] {
  const alone = measure('set up', 1, () => run([]), 3);
  return (
    [
      ['sign (Ed25519): 6 calls', 'sign payroll hello'],
      ['encrypt (AES-GCM): 5 calls', 'encrypt vault hello'],
    ] as const
  ).map(([name, line]) => {
    const whole = measure(name, 1, () => run(Array.from({ length: LINES }, () => line)), 3);
    const nanosEach = (whole.nanosEach - alone.nanosEach) / LINES;
    return {
      line: name,
      'lines/s': amount(1e9 / nanosEach),
      'ms each': (nanosEach / 1e6).toFixed(2),
      'journeys each': ((run([line, line]) - run([line])) / 1).toFixed(0),
    };
  });
}

printTable('Security module end to end through FIG. 3, one connection', benchWire());
