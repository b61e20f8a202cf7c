/**
 * What a round trip costs beside a lot that does not concern it: `npx tsx bench/scale.ts`.
 *
 * Each row is measured against its small case in the same run, in turns. `times` is what counts: 1.0 is perfect.
 */
import { spawnSync } from 'node:child_process';
import { ANY_PORT, cidr, type Ipv4, ipv4, port, portRange } from '../src/address/index.ts';
import { present } from '../src/base/index.ts';
import type { AclRule, FirewallRule, Model, StaticRoute } from '../src/model/index.ts';
import type { Ipv4Packet } from '../src/packet/index.ts';
import { type Figure3, figure3, requestOf } from './figure3.ts';
import { amount, measure, type Speed } from './measure.ts';
import { CLIENT, tenants } from './networks.ts';

const TRIPS = 40_000;
const FLOWS = 2_000;

interface Case {
  readonly name: string;
  readonly run: () => number;
}

/** Round trips one after the other; which client and packet is up to the case. */
function trips(bench: Figure3, next: (trip: number) => readonly [number, Ipv4Packet]): () => number {
  return () => {
    for (let trip = 0; trip < TRIPS; trip += 1) {
      const [client, packet] = next(trip);
      bench.engine.send(client, packet);
      bench.engine.run();
    }
    return bench.answered;
  };
}

/** One client, `flows` connections open, used in an order that no cache can guess. */
function connections(flows: number): Case {
  const bench = figure3(tenants(1));
  const client = present(bench.clients[0], 'a client');
  for (let flow = 0; flow < flows; flow += 1) {
    bench.engine.send(client, requestOf(flow));
    bench.engine.run();
  }
  const packets = Array.from({ length: Math.min(flows, TRIPS) }, (_, index) =>
    requestOf((index * 7919) % flows),
  );
  return {
    name: `${flows.toLocaleString('en')} live connections`,
    run: trips(bench, (trip) => [client, present(packets[trip % packets.length], 'a packet')]),
  };
}

function manyTenants(count: number, spread: boolean): Case {
  const bench = figure3(tenants(count));
  const packets = Array.from({ length: FLOWS }, (_, index) => requestOf(index));
  const first = present(bench.clients[0], 'a client');
  return {
    name: `${count.toLocaleString('en')} tenants${spread ? ', all of them talking' : ', one of them talking'}`,
    run: trips(bench, (trip) => [
      spread ? present(bench.clients[trip % count], 'a client') : first,
      present(packets[trip % FLOWS], 'a packet'),
    ]),
  };
}

/** One tenant under a changed model. */
function changed(name: string, change: (model: Model) => Model): Case {
  const bench = figure3(change(tenants(1)));
  const client = present(bench.clients[0], 'a client');
  const packets = Array.from({ length: FLOWS }, (_, index) => requestOf(index));
  return { name, run: trips(bench, (trip) => [client, present(packets[trip % FLOWS], 'a packet')]) };
}

/** A firewall in front of VNI 314 of which the last rule allows. */
function firewallRules(count: number, stateful: boolean): Case {
  return changed(
    `${count.toLocaleString('en')} firewall rules, ${stateful ? 'stateful' : 'stateless'}`,
    (model) => {
      const [id, firewall] = present(Object.entries(model.firewalls)[0], 'the firewall of the request');
      const rules = Array.from({ length: count }, (_, index): FirewallRule => {
        const last = index === count - 1;
        const peer = cidr(last ? CLIENT : ipv4(0x0a010000 + index), 32);
        return { protocol: 'udp', peer, ports: last ? ANY_PORT : portRange(port(1), port(9)), from: null };
      });
      return { ...model, firewalls: { ...model.firewalls, [id]: { ...firewall, in: rules, stateful } } };
    },
  );
}

/** An ACL around the private subnet of the service network, in both directions: the last rule allows. */
function aclRules(count: number): Case {
  return changed(`${count.toLocaleString('en')} rules of an ACL, both ways`, (model) => {
    const subnet = present(
      Object.values(model.subnets).find(({ name }) => name === 'subnet-318'),
      'subnet 318',
    );
    const rules = Array.from({ length: count }, (_, index): AclRule => {
      const last = index === count - 1;
      const peer = last ? cidr(ipv4(0), 0) : cidr(ipv4(0x0b000000 + index), 32);
      const action = last ? 'allow' : 'deny';
      return { number: index + 1, action, protocol: 'any', peer, ports: ANY_PORT, from: null };
    });
    const acl = { id: 'acl', name: 'acl', network: subnet.network, in: rules, out: rules, from: null };
    const guarded = { ...subnet, acl: acl.id };
    return { ...model, acls: { [acl.id]: acl }, subnets: { ...model.subnets, [subnet.id]: guarded } };
  });
}

/** A route table with many routes that lead elsewhere. */
function routes(count: number): Case {
  return changed(`${count.toLocaleString('en')} routes in the subnet's table`, (model) => {
    const id = 'tenant-0/subnet-308';
    const subnet = present(model.subnets[id], id);
    const others = Array.from(
      { length: count },
      (_, index): StaticRoute => ({
        block: cidr(elsewhere(index), 24),
        to: { kind: 'blackhole' },
        from: null,
      }),
    );
    return {
      ...model,
      subnets: { ...model.subnets, [id]: { ...subnet, routes: [...subnet.routes, ...others] } },
    };
  });
}

/** 11.0.0.0/24 and the blocks behind it. */
function elsewhere(index: number): Ipv4 {
  return ipv4(0x0b000000 + index * 256);
}

/** So many requests on their way at once. */
function inFlight(count: number): Case {
  const bench = figure3(tenants(1));
  const client = present(bench.clients[0], 'a client');
  const packets = Array.from({ length: FLOWS }, (_, index) => requestOf(index));
  return {
    name: `${count.toLocaleString('en')} packets in flight`,
    run: () => {
      for (let trip = 0; trip < TRIPS; trip += count) {
        for (let one = 0; one < count; one += 1) {
          bench.engine.send(client, present(packets[(trip + one) % FLOWS], 'a packet'));
        }
        bench.engine.run();
      }
      return bench.answered;
    },
  };
}

/** What is compared, by a name that a process can be asked for. */
const PAIRS: Readonly<Record<string, readonly [() => Case, () => Case]>> = {
  connections: [() => connections(FLOWS), () => connections(1_000_000)],
  tenants: [() => manyTenants(1, false), () => manyTenants(1_000, false)],
  'tenants-talking': [() => manyTenants(10, true), () => manyTenants(1_000, true)],
  'stateless-rules': [() => firewallRules(10, false), () => firewallRules(10_000, false)],
  'stateful-rules': [() => firewallRules(10, true), () => firewallRules(10_000, true)],
  'acl-rules': [() => aclRules(10), () => aclRules(10_000)],
  routes: [() => routes(10), () => routes(100_000)],
  'in-flight': [() => inFlight(10), () => inFlight(10_000)],
};

function compare(small: () => Case, large: () => Case): void {
  const speeds = [small, large].map((build): Speed => {
    const { name, run } = build();
    return measure(name, TRIPS, run);
  });
  const base = present(speeds[0], 'the small case');
  for (const { name, perSecond, nanosEach } of speeds) {
    const row = [
      name.padEnd(46),
      amount(perSecond).padStart(8),
      (nanosEach / base.nanosEach).toFixed(2).padStart(7),
    ];
    console.log(row.join('  '));
  }
}

const pair = PAIRS[process.argv[2] ?? ''];
if (pair !== undefined) compare(...pair);
else {
  console.log(
    '\nFIG. 3 round trips per second, verdicts only, beside what does not concern them; times the small case\n',
  );
  for (const name of Object.keys(PAIRS)) {
    // a process each: what one pair made the compiler believe must not slow the next
    spawnSync(process.execPath, [...process.execArgv, process.argv[1] ?? '', name], { stdio: 'inherit' });
  }
}
