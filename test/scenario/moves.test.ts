import { expect, it } from 'vitest';
import { ipv4, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { type Frame, isVxlan } from '../../src/packet/index.ts';
import { call, moveInstance } from '../../src/provider/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { adopt, createWorld, type World } from '../../src/scenario/world.ts';

const TEXT: ScenarioText = {
  title: 'two servers in a zone',
  provider: {
    zones: ['zone-1', 'zone-2'],
    servers: {
      'server-a': { zone: 'zone-1' },
      'server-b': { zone: 'zone-1' },
      'server-c': { zone: 'zone-1' },
      'server-d': { zone: 'zone-2' },
    },
  },
  customers: {
    acme: {
      vn: {
        cidr: '10.0.0.0/16',
        subnets: { main: { cidr: '10.0.0.0/24', zone: 'zone-1' } },
        instances: {
          client: { subnet: 'main', address: '10.0.0.7', server: 'server-a' },
          store: { subnet: 'main', address: '10.0.0.8', server: 'server-b', listen: { 7: 'echo' } },
        },
      },
    },
  },
};

function world(): World {
  const { scenario } = loadScenario(printScenario(TEXT), 'moves.yaml');
  const created = createWorld(present(scenario, 'a scenario'));
  if (!created.ok) throw new Error('not created');
  return created.value;
}

function move(place: World, server: string): readonly string[] {
  const moved = call(place.model, 'move', moveInstance, { instance: 'acme/store', server });
  if (!moved.ok) return moved.fault.map(({ code }) => code);
  adopt(place, moved.value);
  return [];
}

/** Outer and inner ends of what the fabric carried since a journey began. */
function carried({ trace, engine }: World, first: number) {
  const pairs = new Set<string>();
  const inner = new Set<string>();
  const note = ({ body }: Frame, into: Set<string>) => {
    if (body.kind === 'ipv4') into.add(`${body.source >>> 0} ${body.target >>> 0}`);
  };
  for (const { steps } of trace.journeys(first)) {
    for (const { place, before } of steps) {
      if (engine.program.devices[place.device]?.role !== 'fabric') continue;
      note(before, pairs);
      const body = before.body.kind === 'ipv4' ? before.body.body : null;
      if (body?.kind === 'udp' && isVxlan(body.body)) note(body.body.inner, inner);
    }
  }
  return { outer: pairs, inner };
}

it('[W-04] a connection goes on when the machine at its end moves, in another wrapper', () => {
  const place = world();
  const { engine, machines, trace } = place;
  const client = present(machines.get('acme/client'), 'the client');
  const opened = client.stack.connect({ target: ipv4(0x0a000008), port: port(7) }, engine.now);
  if (!opened.ok) throw new Error(opened.fault);
  const say = (text: string) => {
    const first = trace.count;
    client.stack.write(opened.value, new TextEncoder().encode(text), engine.now);
    engine.run();
    return carried(place, first);
  };
  const before = say('before ');
  expect(move(place, 'server-c')).toEqual([]);
  const later = say('and after');
  const heard = client.events.flatMap((event) => (event.kind === 'received' ? [...event.bytes] : []));
  expect(new TextDecoder().decode(Uint8Array.from(heard))).toBe('before and after');
  expect(later.inner).toEqual(before.inner);
  expect([...later.outer].filter((pair) => before.outer.has(pair))).toEqual([]);
  const [b, c] = ['server-b', 'server-c'].map((name) =>
    String(Number(place.model.servers[name]?.tunnel ?? 0) >>> 0),
  );
  const asBefore = [...later.outer].map((pair) => pair.replace(c ?? '', b ?? ''));
  expect(asBefore.sort()).toEqual([...before.outer].sort());
});

it('[W-04] [N-24] moves inside its zone alone, to a server that is another one', () => {
  const place = world();
  expect(move(place, 'server-d')).toEqual(['provider/wrong-zone']);
  expect(move(place, 'server-b')).toEqual(['provider/already-there']);
  expect(move(place, 'server-x')).toEqual(['provider/unknown']);
  expect(move(place, 'server-c')).toEqual([]);
  const guests = ['server-a', 'server-b', 'server-c'].map((name) => place.model.servers[name]?.guests);
  expect(guests).toEqual([1, 0, 1]);
});
