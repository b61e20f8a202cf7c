import { present } from '../../src/base/index.ts';
import type { Frame } from '../../src/packet/index.ts';
import type { PlaceId } from '../../src/program/index.ts';
import {
  loadScenario,
  prepareWorld,
  printScenario,
  runScenario,
  type ScenarioReport,
  type ScenarioText,
  type World,
} from '../../src/scenario/index.ts';

/* Two customers with equal addresses, each with premises that a channel joins to its virtual network. */

export type ChannelText = 'ipsec' | 'wireguard' | 'direct';

/** Every mechanism of a channel, what it promises about size, and how its gateway refuses what is not right. */
export const MECHANISMS_OF_CHANNELS: readonly {
  readonly kind: ChannelText;
  /** the largest packet that goes through where every link carries 1500 bytes */
  readonly room: number;
  readonly sealed: boolean;
  readonly replayed: string;
}[] = [
  { kind: 'ipsec', room: 1446, sealed: true, replayed: 'esp.replayed' },
  { kind: 'wireguard', room: 1440, sealed: true, replayed: 'wireguard.replayed' },
  { kind: 'direct', room: 1500, sealed: false, replayed: '' },
];

type Steps = NonNullable<ScenarioText['steps']>;
type Links = NonNullable<ScenarioText['provider']['links']>;

export function channelText(
  kind: ChannelText,
  steps: Steps = [],
  prove: readonly string[] = [],
  links: Links = [],
): ScenarioText {
  const customer = (last: number) => ({
    vn: {
      cidr: '10.0.0.0/16',
      subnets: { main: { cidr: '10.0.0.0/24', zone: 'here' } },
      gateways: { 'vgw-212': 'vpn' as const },
      instances: { vm: { subnet: 'main', address: '10.0.0.7', listen: { 443: 'echo' as const } } },
    },
    premises: {
      cidr: '172.16.0.0/24',
      gateway: 'vgw-210',
      public: `198.51.100.${last}`,
      hosts: {
        client: { address: '172.16.0.18', listen: { 443: 'echo' as const } },
        colleague: { address: '172.16.0.19', listen: { 443: 'echo' as const } },
      },
    },
    channel: { kind },
  });
  return {
    title: 'a channel',
    provider: { zones: ['here'], links },
    internet: { hosts: { eve: { address: '203.0.113.200' } } },
    customers: { acme: customer(10), globex: customer(11) },
    steps,
    prove: [...prove],
  };
}

/** What became of a scenario, step by step and claim by claim. */
export function ranChannel(text: ScenarioText): ScenarioReport {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'channel.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  if (result === null || !result.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return result.value.report;
}

/** The names of the checks that failed, and what they say. */
export function failuresOf({ checks }: ScenarioReport): readonly string[] {
  return checks.filter(({ passed }) => !passed).map(({ name, message }) => `${name}: ${message}`);
}

export function channelWorld(kind: ChannelText): World {
  const { scenario } = loadScenario(printScenario(channelText(kind)), 'channel.yaml');
  const world = prepareWorld(present(scenario, 'the scenario can be read'), { kind: 'built' });
  if (!world.ok) throw new Error(world.fault.map(({ message }) => message).join('; '));
  return world.value;
}

/** A frame on its way into a gateway, from whatever joins the two. */
export interface Arrival {
  readonly place: PlaceId;
  readonly frame: Frame;
}

/** What reached the far gateway of each journey from the channel's side. */
export function arrivalsIn({ trace, engine }: World): readonly Arrival[] {
  const { devices } = engine.program;
  return trace.journeys().flatMap(({ steps }) =>
    steps.flatMap((step, index) => {
      const earlier = steps[index - 1];
      if (earlier === undefined || earlier.place.device === step.place.device) return [];
      const isGateway = devices[step.place.device]?.role === 'vpn-gateway';
      const from = devices[earlier.place.device]?.role ?? '';
      return isGateway && ['internet', 'vpn-gateway'].includes(from)
        ? [{ place: step.place.id, frame: step.before }]
        : [];
    }),
  );
}

/** What everybody could see who sits on the Internet. */
export function seenOnTheInternet({ trace, engine }: World): readonly Frame[] {
  const { devices } = engine.program;
  return trace
    .journeys()
    .flatMap(({ steps }) =>
      steps.flatMap(({ place, before }) => (devices[place.device]?.role === 'internet' ? [before] : [])),
    );
}
