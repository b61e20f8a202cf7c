import { describe, expect, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import {
  echoPacket,
  type IpPacket,
  icmpErrorPacket,
  TCP,
  tcpPacket,
  udpPacket,
} from '../../src/packet/index.ts';
import { call, failPart } from '../../src/provider/index.ts';
import { adopt, refresh } from '../../src/scenario/world.ts';
import { buildNetwork, type Network } from '../support/networks.ts';
import { address } from '../support/programs.ts';

/* What the comparison with the Linux kernel (test/linux) has taught the simulator, so that it holds without a kernel. */

const APP = 'acme/app-1';
const HSM = 'hsm-acme-1';

/** FIG. 3, and everything that reached a machine. */
class Scene {
  readonly network: Network = buildNetwork({
    tenants: [
      {
        block: '10.0.0.0/16',
        halves: false,
        instances: [{ half: 0, offset: 7, firewalls: [] }],
        firewalls: [],
        guards: [],
        apart: false,
        premises: null,
        hsms: [
          {
            address: '10.10.0.3',
            attachment: 'rack',
            half: 0,
            elsewhere: false,
            service: '192.168.0.0/24',
            firewall: [{ allow: 'any', from: '0.0.0.0/0' }],
            nat: null,
            twice: false,
          },
        ],
      },
    ],
    moreServers: false,
    spare: false,
    seed: 1,
  });
  readonly ends = { source: address('10.0.0.7'), target: address('10.0.0.201') };
  readonly heard: { readonly by: string; readonly packet: IpPacket }[] = [];

  constructor() {
    this.listen();
  }

  /** Machines that only listen. */
  listen(): void {
    const { engine, machines } = this.network.world;
    for (const [id, { host }] of machines) {
      engine.attach(host, { receive: (packet) => this.heard.push({ by: id, packet }) });
    }
  }

  /** What one machine sends, and what others hear of it. */
  send(id: string, packet: IpPacket): readonly IpPacket[] {
    const { engine, machines } = this.network.world;
    const before = this.heard.length;
    present(machines.get(id), `${id} runs`).inject(packet);
    engine.run();
    return this.heard.slice(before).map((one) => one.packet);
  }

  connections(): number {
    const { state, program, now } = this.network.world.engine;
    return program.tables.reduce((sum, _, table) => sum + state.connectionTable(table).size(now), 0);
  }

  /** A datagram as the HSM gets it. */
  opened(): IpPacket {
    const [packet] = this.send(APP, udpPacket({ ...this.ends, ...PORTS }));
    return present(packet ?? null, 'the HSM hears it');
  }

  noHsm(): void {
    const { world } = this.network;
    const change = call(world.model, 'fail', failPart, { kind: 'device', id: HSM, name: HSM, from: null });
    if (!change.ok) throw new Error('the HSM fails');
    adopt(world, change.value);
    refresh(world);
    this.listen();
  }
}

const PORTS = { sourcePort: port(40_000), targetPort: port(1792) };

function damaged(packet: IpPacket): IpPacket {
  const { body } = packet;
  if (body.kind === 'opaque-body' || body.kind === 'esp') throw new Error('it has no checksum');
  return { ...packet, body: { ...body, checksum: body.checksum ^ 0x0101 } };
}

describe('a damaged packet', () => {
  const { ends } = new Scene();
  const packets = {
    UDP: udpPacket({ ...ends, ...PORTS }),
    TCP: tcpPacket({ ...ends, ...PORTS, sequence: 1, flags: TCP.syn }),
    echo: echoPacket({ ...ends, direction: 'request', identifier: port(7), sequence: 1 }),
  };

  it.each(Object.entries(packets))('of %s opens no mapping', (_, packet) => {
    const scene = new Scene();
    const before = scene.connections();
    expect(scene.send(APP, damaged(packet))).toEqual([]);
    expect(scene.connections()).toBe(before);
    expect(scene.send(APP, packet)).toHaveLength(1);
    // one at the firewall of VNI 314 and one at the NAT instance
    expect(scene.connections()).toBe(before + 2);
  });

  it('that is an ICMP error reaches nobody (RFC 5508 REQ-3)', () => {
    const scene = new Scene();
    const offending = scene.opened();
    const error = icmpErrorPacket({
      source: offending.target,
      target: offending.source,
      error: [3, 3],
      offending,
    });
    expect(scene.send(HSM, damaged(error))).toEqual([]);
    expect(scene.send(HSM, error)).toHaveLength(1);
  });
});

describe('an error', () => {
  it('that is a redirect does not pass the NAT instance: it names a router of the other side', () => {
    const scene = new Scene();
    const offending = scene.opened();
    const redirect = icmpErrorPacket({
      source: offending.target,
      target: offending.source,
      error: [5, 1],
      parameter: address('10.10.0.1') >>> 0,
      offending,
    });
    expect(scene.send(HSM, redirect)).toEqual([]);
  });

  it('about a missing route has the address it leaves by, and quotes the packet as it was received', () => {
    const scene = new Scene();
    const { engine, model } = scene.network.world;
    const inward = present(
      engine.program.interfaces.find(({ name }) => name === 'dx-router:rack')?.mac ?? null,
      'a port',
    );
    const { host } = present(scene.network.world.machines.get(HSM) ?? null, 'it runs');
    const entry = present(engine.program.hosts[host], 'a host');
    const packet = udpPacket({ ...PORTS, source: address('10.10.0.3'), target: address('172.16.0.1') });
    const source = present(model.hsms[HSM], 'the HSM').mac;
    engine.begin(entry.port, { link: { target: inward, source, vlan: null }, body: packet });
    engine.run();
    const [heard] = scene.heard.map((one) => one.packet);
    expect(heard?.source).toBe(address('10.10.0.1'));
    expect(heard?.body).toMatchObject({
      kind: 'icmp-error',
      type: 3,
      code: 0,
      quote: { packet: { ttl: 64, checksum: packet.checksum } },
    });
  });

  it('about an absent neighbour has the address it leaves by', () => {
    const scene = new Scene();
    scene.noHsm();
    const { trace } = scene.network.world;
    const [heard] = scene.send(APP, udpPacket({ ...scene.ends, ...PORTS }));
    expect(heard?.body).toMatchObject({ kind: 'icmp-error', type: 3, code: 1 });
    const sources = trace
      .journeys()
      .flatMap(({ steps }) =>
        steps.flatMap(({ place, before: { body } }) =>
          place.name.startsWith('dx-router') && body.kind === 'ipv4' && body.body.kind === 'icmp-error'
            ? [body.source]
            : [],
        ),
      );
    expect(new Set(sources)).toEqual(new Set([address('169.254.100.2')]));
  });
});
