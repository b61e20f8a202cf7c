/**
 * Connections opened and found, beside a `Map` keyed by text: `npx tsx bench/connections.ts`.
 *
 * Flows are those of FIG. 3 with many clients. Finds ask in random order, so that the caches help no more
 * than they do for mixed traffic.
 */
import { ANY_PORT, type Ip, ipv4, type Port, port } from '../src/address/index.ts';
import { type Nanos, nanos, seededRandom } from '../src/base/index.ts';
import {
  CONNECTION,
  ConnectionTable,
  choosePort,
  type Opening,
  type PortRequest,
} from '../src/dataplane/connections/index.ts';
import { PROTOCOL } from '../src/packet/index.ts';
import { amount, measure, measureBytes, printTable, type Row, type Speed } from './measure.ts';

const SIZES = [1_000, 100_000, 1_000_000];
const FINDS = 500_000;
const NOW = nanos(0);
const LATER = nanos(300_000_000_000);

type Find = (protocol: number, source: Ip, sourcePort: Port, target: Ip, targetPort: Port) => boolean;

interface Contender {
  readonly name: string;
  build(openings: readonly Opening[]): { readonly find: Find; readonly findReply: Find };
}

const TYPED: Contender = {
  name: 'table',
  build(openings) {
    const table = new ConnectionTable(nanos(0));
    for (const opening of openings) table.open(opening, NOW);
    return {
      find: (protocol, source, sourcePort, target, targetPort) =>
        table.findOriginal(protocol, source, sourcePort, target, targetPort, NOW) !== -1,
      findReply: (protocol, source, sourcePort, target, targetPort) =>
        table.findReply(protocol, source, sourcePort, target, targetPort, NOW) !== -1,
    };
  },
};

const TEXT: Contender = {
  name: 'Map of text',
  build(openings) {
    const originals = new Map<string, Entry>();
    const replies = new Map<string, Entry>();
    for (const of of openings) {
      const original = text(
        of.protocol,
        of.originalSource,
        of.originalSourcePort,
        of.originalTarget,
        of.originalTargetPort,
      );
      const reply = text(of.protocol, of.replySource, of.replySourcePort, of.replyTarget, of.replyTargetPort);
      const entry = { original, reply, state: of.state, expiresAt: of.expiresAt };
      originals.set(original, entry);
      replies.set(reply, entry);
    }
    const alive = (entry: Entry | undefined): boolean => entry !== undefined && NOW < entry.expiresAt;
    return {
      find: (...flow) => alive(originals.get(text(...flow))),
      findReply: (...flow) => alive(replies.get(text(...flow))),
    };
  },
};

interface Entry {
  readonly original: string;
  readonly reply: string;
  readonly state: number;
  readonly expiresAt: Nanos;
}

function text(protocol: number, source: Ip, sourcePort: Port, target: Ip, targetPort: Port): string {
  return `${protocol}|${source}:${sourcePort}|${target}:${targetPort}`;
}

/** Clients 10.0.0.0/16, each with 16 ports, towards modules from 10.10.0.3 on. */
function openingsOf(count: number): Opening[] {
  return Array.from({ length: count }, (_, index) => ({
    protocol: PROTOCOL.tcp,
    originalSource: ipv4(0x0a000000 + (index >>> 4)),
    originalSourcePort: port(40_000 + (index & 15)),
    originalTarget: ipv4(0x0a0000c9),
    originalTargetPort: port(1792),
    replySource: ipv4(0x0a0a0003 + (index >>> 15)),
    replySourcePort: port(1792),
    replyTarget: ipv4(0xc0a80037),
    replyTargetPort: port(1024 + (index & 0x7fff)),
    state: CONNECTION.established,
    expiresAt: LATER,
  }));
}

/** Words of a flow that is asked for: read one after the other, as a packet in flight brings its own. */
const ASKED = 4;

function askedOf(openings: readonly Opening[], direction: 'original' | 'reply'): Int32Array {
  const random = seededRandom(1, 'finds');
  const asked = new Int32Array(FINDS * ASKED);
  for (let at = 0; at < asked.length; at += ASKED) {
    const of = openings[random.integer(0, openings.length - 1)] as Opening;
    asked[at] = direction === 'original' ? Number(of.originalSource) : Number(of.replySource);
    asked[at + 1] = direction === 'original' ? of.originalSourcePort : of.replySourcePort;
    asked[at + 2] = direction === 'original' ? Number(of.originalTarget) : Number(of.replyTarget);
    asked[at + 3] = direction === 'original' ? of.originalTargetPort : of.replyTargetPort;
  }
  return asked;
}

function countFound(find: Find, asked: Int32Array): number {
  let found = 0;
  for (let at = 0; at < asked.length; at += ASKED) {
    const source = ipv4(asked[at] as number);
    const target = ipv4(asked[at + 2] as number);
    if (find(PROTOCOL.tcp, source, port(asked[at + 1] as number), target, port(asked[at + 3] as number))) {
      found += 1;
    }
  }
  return found;
}

function measureSize(contender: Contender, count: number): Row {
  const openings = openingsOf(count);
  const copies = Math.max(1, Math.floor(200_000 / count));
  const buildAll = (): ReturnType<Contender['build']>[] =>
    Array.from({ length: copies }, () => contender.build(openings));
  const { built, bytes } = measureBytes(buildAll);
  const opened = measure('open', count * copies, () => buildAll().length, 2);
  const { find, findReply } = built[0] as ReturnType<Contender['build']>;
  const askedOriginals = askedOf(openings, 'original');
  const askedReplies = askedOf(openings, 'reply');
  const original = measure('find', FINDS, () => countFound(find, askedOriginals), 4);
  const reply = measure('find reply', FINDS, () => countFound(findReply, askedReplies), 4);
  return {
    'connections by': contender.name,
    live: amount(count),
    'opened/s': perSecond(opened),
    'found/s': perSecond(original),
    'reply found/s': perSecond(reply),
    'ns an open': opened.nanosEach.toFixed(0),
    'ns a find': original.nanosEach.toFixed(0),
    'bytes each': (bytes / count / copies).toFixed(1),
  };
}

function measureEmpty(): Row {
  const { built, bytes } = measureBytes(() =>
    Array.from({ length: 10_000 }, () => new ConnectionTable(nanos(0))),
  );
  return { 'connections by': 'empty table', live: '0', 'bytes each': (bytes / built.length).toFixed(1) };
}

function perSecond(speed: Speed): string {
  return amount(speed.perSecond);
}

/** What a new connection pays for its port while a responder's 64,512 ports fill up, and afterwards. */
function measurePorts(): Row[] {
  const request = (client: number): PortRequest => ({
    protocol: PROTOCOL.udp,
    client: ipv4(client),
    wanted: port(2000),
    inward: ipv4(0xc0a80037),
    target: ipv4(0x0a0a0003),
    targetPort: port(1792),
    mapping: 'address-and-port-dependent',
    reserved: new Set(),
  });
  const rows: Row[] = [];
  const table = new ConnectionTable(nanos(0));
  let cursor = 0;
  const fill = (until: number, from: number): number => {
    for (let client = from; client < until; client += 1) {
      const chosen = choosePort(table, request(client), ANY_PORT, cursor, NOW);
      if (chosen === null) continue;
      cursor = chosen.cursor;
      const opening = {
        protocol: PROTOCOL.udp,
        originalSource: ipv4(client),
        originalSourcePort: port(2000),
        originalTarget: ipv4(0x0a0000c9),
        originalTargetPort: port(1792),
        replySource: ipv4(0x0a0a0003),
        replySourcePort: port(1792),
        replyTarget: ipv4(0xc0a80037),
        replyTargetPort: chosen.port,
        state: CONNECTION.opening,
        expiresAt: LATER,
      };
      table.open(opening, NOW);
    }
    return until;
  };
  const time = (name: string, operations: number, run: () => void): void => {
    const begin = process.hrtime.bigint();
    run();
    const each = Number(process.hrtime.bigint() - begin) / operations;
    rows.push({ 'a port for a new connection': name, 'ns each': amount(each) });
  };
  time('the first 32,256 of 64,512', 32_256, () => fill(32_256, 0));
  time('the other 32,256', 32_256, () => fill(64_512, 32_256));
  time('the first refusal', 1, () => fill(64_513, 64_512));
  time('each further refusal', 100_000, () => fill(164_513, 64_513));
  const rounds = 20;
  time('the last free one, a whole walk away', rounds, () => {
    for (let round = 0; round < rounds; round += 1) {
      const far = port(1024 + ((cursor + 64_511) % 64_512));
      table.close(table.findReply(PROTOCOL.udp, ipv4(0x0a0a0003), port(1792), ipv4(0xc0a80037), far, NOW));
      fill(200_001 + round, 200_000 + round);
    }
  });
  return rows;
}

printTable('Connection tables', [
  ...[TYPED, TEXT].flatMap((contender) => SIZES.map((count) => measureSize(contender, count))),
  measureEmpty(),
]);
printTable('Choice of ports', measurePorts());
