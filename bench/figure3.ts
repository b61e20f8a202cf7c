import { type Port, port } from '../src/address/index.ts';
import { Engine } from '../src/dataplane/index.ts';
import type { Model } from '../src/model/index.ts';
import { type Ipv4Packet, udpPacket } from '../src/packet/index.ts';
import { compile, type Program } from '../src/program/index.ts';
import { CALLED, CLIENT } from './networks.ts';

/** An engine whose modules answer on every port, as cheaply as a module can. */
export interface Figure3 {
  readonly engine: Engine;
  /** the client of each tenant, as a host of the program */
  readonly clients: readonly number[];
  answered: number;
}

export function figure3(model: Model): Figure3 {
  const program = compile(model);
  const engine = new Engine(program);
  const clients = hostsWith(program, 'instance');
  const bench: Figure3 = { engine, clients, answered: 0 };
  for (const client of clients) {
    engine.attach(client, {
      receive: () => {
        bench.answered += 1;
      },
    });
  }
  for (const hsm of hostsWith(program, 'hsm')) {
    engine.attach(hsm, {
      receive: ({ source, target, body }) => {
        if (body.kind !== 'udp') return;
        engine.send(
          hsm,
          udpPacket({ source: target, target: source, sourcePort: body.target, targetPort: body.source }),
        );
      },
    });
  }
  return bench;
}

function hostsWith(program: Program, role: string): readonly number[] {
  const hosts = program.hosts.flatMap(({ device }, host) =>
    program.devices[device]?.role === role ? [host] : [],
  );
  if (hosts.length === 0) throw new Error(`no ${role}`);
  return hosts;
}

/** A datagram from the client to what it takes for the module. */
export function request(sourcePort: Port, targetPort: Port): Ipv4Packet {
  return udpPacket({ source: CLIENT, target: CALLED, sourcePort, targetPort });
}

const FIRST_PORT = 1024;
const PORTS = 60_000;

/** The n-th connection of a client: its source ports first, then the next target port. */
export function requestOf(flow: number): Ipv4Packet {
  return request(port(FIRST_PORT + (flow % PORTS)), port(2000 + Math.floor(flow / PORTS)));
}
