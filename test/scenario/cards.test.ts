import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/packet/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { withCards } from '../../src/testing/cards.ts';

type Steps = NonNullable<ScenarioText['steps']>;

const FAMILIES = {
  IPv4: { vn: '10.0.0.0/16', app: '10.0.0.7', called: '10.0.0.201', hsm: '10.10.0.3' },
  IPv6: { vn: 'fd00:a::/64', app: 'fd00:a::7', called: 'fd00:a::201', hsm: 'fd00:10::3' },
} as const;
type Family = keyof typeof FAMILIES;
type Endpoint = 'echo' | 'hsm' | 'module';

function appliance(
  family: Family,
  endpoint: Endpoint,
  attachment: 'rack' | 'direct',
  steps: Steps,
): ScenarioText {
  const { vn, app, called, hsm } = FAMILIES[family];
  return {
    title: 'card or appliance',
    provider: { zones: ['here'], hsms: { 'hsm-3': { zone: 'here', address: hsm, endpoint } } },
    customers: {
      me: {
        vn: {
          cidr: vn,
          subnets: { main: { cidr: vn, zone: 'here' } },
          instances: { app: { subnet: 'main', address: app } },
        },
        roles: { service: { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [{ 'request-hsm': { customer: 'me', subnet: 'main', address: called, attachment } }, ...steps],
  };
}

/** Everything that the client gets, as bytes, what its application hears, and what the report checks. */
function viewOf(text: ScenarioText) {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'cards.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const ran = runScenario(scenario);
  if (!ran.ok) throw new Error(ran.fault.map(({ message }) => message).join('; '));
  const { world, report } = ran.value;
  const frames = world.trace.journeys().flatMap(({ steps }) => {
    const end = steps.at(-1);
    const device = world.engine.program.devices[end?.place.device ?? -1]?.id;
    if (end === undefined || device !== 'me/app') return [];
    return [Buffer.from(encodeFrame(end.before)).toString('hex')];
  });
  const heard = world.machines.get('me/app')?.events;
  return { frames, heard, checks: report.checks.map(({ name, passed }) => `${name} ${passed}`) };
}

const anySend = (family: Family): fc.Arbitrary<Steps[number]> => {
  const to = FAMILIES[family].called;
  return fc.oneof(
    fc
      .record({
        port: fc.constantFrom(1792, 1792, 22, 23),
        payload: fc.constantFrom('PUBLIC-KEY\n', 'SIGN x\n', 'x'),
      })
      .map(({ port, payload }) => ({ send: { from: 'app', to, tcp: { port }, payload } })),
    fc
      .integer({ min: 64, max: 4000 })
      .map((size) => ({ send: { from: 'app', to, icmp: 'echo' as const, size } })),
    fc
      .integer({ min: 64, max: 4000 })
      .map((size) => ({ send: { from: 'app', to, udp: { port: 1792 }, size } })),
    fc.integer({ min: 1, max: 5 }).map((ttl) => ({ send: { from: 'app', to, udp: { port: 1792 }, ttl } })),
  );
};

describe('a card in a computer and an appliance', () => {
  it.each(Object.keys(FAMILIES) as Family[])(
    '[N-27] look alike to a client, byte for byte, whatever it sends: %s',
    (family) => {
      const property = fc.property(
        fc.array(anySend(family), { minLength: 1, maxLength: 4 }),
        fc.constantFrom<Endpoint>('echo', 'hsm', 'module'),
        fc.constantFrom('rack' as const, 'direct' as const),
        (sends, endpoint, attachment) => {
          const text = appliance(family, endpoint, attachment, sends);
          const [one, other] = [viewOf(text), viewOf(withCards(text))];
          expect(one.frames.length).toBeGreaterThan(0);
          expect(other).toEqual(one);
        },
      );
      fc.assert(property, { numRuns: 25 });
    },
  );

  it.each(Object.keys(FAMILIES) as Family[])(
    '[N-27] [U-02] do the same for who has keys in them: %s',
    (family) => {
      const to = FAMILIES[family].called;
      const steps: Steps = [
        {
          send: {
            from: 'app',
            to,
            tcp: { port: 22 },
            console: [
              'login crp provider',
              'create-administrator alice',
              'logout',
              'login alice {create-administrator.password}',
              'change-password {create-administrator.password} alice-secret',
              'initialise mine 1 sam:sam-secret -',
              'logout',
              'login sam sam-secret',
              'create-partition payments -',
              'register-client app {certificate.me/app} -',
              'assign-client app payments',
            ],
          },
          expect: { answers: Array.from({ length: 11 }, () => 'OK') },
        },
        {
          send: {
            from: 'app',
            to,
            tcp: { port: 1792 },
            pkcs11: [
              'init-token 1 officer-pin user-pin x',
              'login 1 user-pin',
              'make aes k',
              'encrypt k hello',
            ],
          },
          expect: { answers: ['OK', 'OK', 'OK', 'OK'] },
        },
      ];
      const text = appliance(family, 'module', 'rack', steps);
      const [one, other] = [viewOf(text), viewOf(withCards(text))];
      expect(one.checks.filter((check) => !check.endsWith('true'))).toEqual([]);
      expect(other).toEqual(one);
    },
  );

  it('[N-27] differ in the device that stands on the network, which has a name that nobody else may have', () => {
    const text = withCards(appliance('IPv4', 'echo', 'rack', []));
    const { hsms = {} } = text.provider;
    const twice = {
      ...text,
      provider: { ...text.provider, hsms: { ...hsms, 'host-of-hsm-3': hsms['hsm-3'] } },
    };
    const { scenario, diagnostics } = loadScenario(printScenario(twice as ScenarioText), 'twice.yaml');
    expect(scenario).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toContain('scenario/duplicate-name');
  });
});
