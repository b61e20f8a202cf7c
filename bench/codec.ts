import { ipv4, mac, port } from '../src/address/index.ts';
import { present } from '../src/base/index.ts';
import {
  decodeFrame,
  decrementTtl,
  encodeFrame,
  encodeFrameInto,
  entropyPort,
  type Frame,
  type Ipv4Packet,
  type Link,
  recomputeChecksums,
  TCP,
  tcpPacket,
  translate,
  unwrapFrame,
  wrapFrame,
} from '../src/packet/index.ts';
import { amount, measure, printTable, type Row } from './measure.ts';
import { decodeNaively, encodeNaively } from './naive-codec.ts';

const FLOWS = 1_024;
const ROUNDS = 400;
const OPERATIONS = FLOWS * ROUNDS;
const NAIVE_ROUNDS = 20;
const LINK: Link = { target: mac(0x020000000002), source: mac(0x020000000001), vlan: null };

/** Wrapped TCP packets of 1,024 flows, encoded and decoded, beside the naive way; how it grows with the payload. */
function benchCodec(): readonly Row[] {
  return [0, 32, 256, 1_400].map((payload) => {
    const frames = wrappedFrames(payload);
    const images = frames.map(encodeFrame);
    const buffer = new Uint8Array(2_048);
    const into = measure('encode', OPERATIONS, () =>
      repeat(ROUNDS, frames, (frame) => encodeFrameInto(frame, buffer, 0)),
    );
    const fresh = measure('encode', OPERATIONS, () =>
      repeat(ROUNDS, frames, (frame) => encodeFrame(frame).length),
    );
    const decode = measure('decode', OPERATIONS, () =>
      repeat(ROUNDS, images, (bytes) => (decodeFrame(bytes).ok ? 1 : 0)),
    );
    const naiveEncode = measure('encode', FLOWS * NAIVE_ROUNDS, () =>
      repeat(NAIVE_ROUNDS, frames, (frame) => encodeNaively(frame).length),
    );
    const naiveDecode = measure('decode', FLOWS * NAIVE_ROUNDS, () =>
      repeat(NAIVE_ROUNDS, images, (bytes) => Object.keys(decodeNaively(bytes)).length),
    );
    return {
      'payload bytes': String(payload),
      'frame bytes': String(images[0]?.length),
      'encode/s': amount(into.perSecond),
      'ns each': into.nanosEach.toFixed(0),
      'with allocation/s': amount(fresh.perSecond),
      'decode/s': amount(decode.perSecond),
      'ns each ': decode.nanosEach.toFixed(0),
      'naive encode/s': amount(naiveEncode.perSecond),
      'naive decode/s': amount(naiveDecode.perSecond),
    };
  });
}

/** What a hop does to the value of a packet, beside a rewrite by spread with checksums computed anew. */
function benchRewrites(): readonly Row[] {
  const frames = Array.from({ length: FLOWS }, (_, index) => innerFrame(index, 32));
  const packets = frames.map((frame) => frame.body as Ipv4Packet);
  const outer = frames.map((frame, index) => wrap(frame, index));
  const source = ipv4(0xc0a80037);
  const target = ipv4(0x0a0a0003);
  const rows: readonly (readonly [string, () => number, (() => number) | null])[] = [
    [
      'decrement the TTL',
      () => repeat(ROUNDS, packets, (packet) => decrementTtl(packet).checksum),
      () =>
        repeat(ROUNDS, packets, (packet) => recomputeChecksums({ ...packet, ttl: packet.ttl - 1 }).checksum),
    ],
    [
      'translate',
      () => repeat(ROUNDS, packets, (packet) => translate(packet, source, port(1), target, port(2)).checksum),
      () => repeat(ROUNDS, packets, (packet) => recomputeChecksums({ ...packet, source, target }).checksum),
    ],
    [
      'wrap',
      () => repeat(ROUNDS, frames, (frame, index) => (wrap(frame, index).body as Ipv4Packet).checksum),
      null,
    ],
    [
      'unwrap',
      () => repeat(ROUNDS, outer, (frame) => present(unwrapFrame(frame), 'no congestion').link.source),
      null,
    ],
  ];
  return rows.map(([name, ours, naive]) => {
    const speed = measure(name, OPERATIONS, ours);
    return {
      rewrite: name,
      'per second': amount(speed.perSecond),
      'ns each': speed.nanosEach.toFixed(1),
      'spread and full checksum': naive === null ? '' : amount(measure(name, OPERATIONS, naive).perSecond),
    };
  });
}

function wrappedFrames(payload: number): readonly Frame[] {
  return Array.from({ length: FLOWS }, (_, index) => wrap(innerFrame(index, payload), index));
}

function wrap(frame: Frame, index: number): Frame {
  return wrapFrame(frame, 100 + index, LINK, ipv4(0x64400001), ipv4(0x64400012), entropyPort(frame), 64);
}

function innerFrame(index: number, payload: number): Frame {
  const packet = tcpPacket({
    source: ipv4(0x0a000007 + index),
    target: ipv4(0x0a0000c9),
    sourcePort: port(49_152 + index),
    targetPort: port(1792),
    sequence: 1_000_000 * index,
    flags: TCP.ack | TCP.psh,
    payload: new Uint8Array(payload).fill(index),
  });
  return { link: LINK, body: packet };
}

/** Runs `step` over all items again and again, and adds up its answers so that none is optimised away. */
function repeat<Item>(
  rounds: number,
  items: readonly Item[],
  step: (item: Item, index: number) => number,
): number {
  let sum = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < items.length; index += 1) sum += step(items[index] as Item, index);
  }
  return sum;
}

printTable(`Codec: TCP wrapped in VXLAN, ${FLOWS} flows`, benchCodec());
printTable(`Rewrites of values: TCP with 32 bytes, ${FLOWS} flows`, benchRewrites());
