import { port } from '../../src/address/index.ts';
import { MICROSECOND, nanos } from '../../src/base/index.ts';
import type { Journey } from '../../src/dataplane/index.ts';
import {
  arpReply,
  arpRequest,
  echoPacket,
  type Frame,
  icmpErrorPacket,
  udpPacket,
} from '../../src/packet/index.ts';
import type { PlaceId, Program } from '../../src/program/index.ts';
import { ip, station, TestJourney, TestNetwork, tagged } from './network.ts';

/** Two machines on one link, whose names need more than ASCII, and one packet of each sort between them. */
export function sundries(): { readonly program: Program; readonly journeys: readonly Journey[] } {
  const network = new TestNetwork();
  const left = network.device('Zürich', 'instance');
  const right = network.device('東京', 'hsm');
  const out = network.place('left/out', left);
  const into = network.place('right/in', right);
  network.fill(out, {
    kind: 'transmit',
    link: 'Zürich--東京',
    out: network.end(left, 'eth0', station(1)),
    into: network.end(right, 'eth0', station(2)),
    to: into,
    latency: nanos(5 * MICROSECOND),
    mtu: 1500,
    up: true,
    broken: null,
  });
  network.fill(into, { kind: 'deliver', host: 0 });
  const source = ip('10.0.0.7');
  const target = ip('10.0.0.8');
  const udp = udpPacket({
    source,
    target,
    sourcePort: port(40000),
    targetPort: port(40001),
    payload: Uint8Array.of(1, 2, 3),
  });
  const request = arpRequest(station(1), source, target);
  const frames: readonly Frame[] = [
    request,
    request.body.kind === 'arp' ? arpReply(request.body, station(2), tagged(101)) : request,
    bare(udp),
    { ...bare(udp), link: { ...bare(udp).link, vlan: tagged(4094) } },
    bare(echoPacket({ source, target, direction: 'request', identifier: port(7), sequence: 1 })),
    bare(icmpErrorPacket({ source, target, error: [11, 0], offending: udp })),
    bare(icmpErrorPacket({ source, target, error: [3, 1], offending: udp })),
  ];
  return {
    program: network.program(),
    journeys: frames.map((frame, index) => one(network, out, into, frame, index)),
  };
}

function bare(body: Frame['body']): Frame {
  return { link: { target: station(2), source: station(1), vlan: null }, body };
}

function one(network: TestNetwork, out: PlaceId, into: PlaceId, frame: Frame, index: number): Journey {
  return new TestJourney(network, out, frame, index * 1000)
    .step(out, 0, { verdict: 'transmit' })
    .step(into, 0, { verdict: 'deliver' })
    .done(index);
}
