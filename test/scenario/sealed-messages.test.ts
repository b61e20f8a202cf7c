import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { formatIp, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { recordMarkOf } from '../../src/packet/index.ts';
import { sealedWords } from '../../src/report/explain/records.ts';
import { writeCapture } from '../../src/report/index.ts';
import { historyOf, loadScenario, runScenario } from '../../src/scenario/index.ts';
import { pairsOf } from '../../src/scenario/keyring.ts';
import { givesAway, keptBy, machineOf, messageWorld, packetsOutside, say } from '../laws/messages/story.ts';
import { hasPeer } from '../support/peer.ts';
import { fields, PROBLEMS } from '../support/tshark.ts';

const folder = mkdtempSync(join(tmpdir(), 'vnsim-messages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SAY = { kind: 'say', who: 'hsm-1', sort: 'syslog', text: 'fan' } as const;

describe('a message that crosses the Internet', () => {
  it('[Q-33] may be longer than a packet: its record is cut, put together, and opened whole', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1400, max: 1500 }), fc.nat(9000)), (length) => {
        const world = messageWorld('storage');
        const text = Array.from({ length }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
        say(world, { ...SAY, text });
        for (const id of ['sink', 'management']) expect(keptBy(world, id)).toEqual([text]);
      }),
      { numRuns: 10 },
    );
  });

  it('[Q-33] has one pair of keys for each two who talk, and nobody else has any', () => {
    const world = messageWorld('queue');
    const pairs = pairsOf(world.model).map(({ caller, service }) => `${caller} ${service}`);
    expect(pairs).toEqual([
      ...['acme/bastion-226 sink', 'acme/bastion-226 management'],
      ...['globex/bastion-226 sink', 'globex/bastion-226 management'],
      ...['reader-1 sink', 'reader-2 sink'],
    ]);
    expect(new Set(pairsOf(world.model).map(({ number }) => number)).size).toBe(pairs.length);
    const others = [...world.machines.values()].filter(({ peers }) => peers.size === 0).map(({ id }) => id);
    expect(others.sort()).toEqual(['acme/nat-322', 'eve', 'globex/nat-322', 'hsm-1', 'hsm-2']);
  });

  it('[Q-33] goes on under the same keys where the network changes meanwhile, and in a stack that was saved', () => {
    const world = messageWorld('storage');
    say(world, SAY);
    const { stack } = machineOf(world, 'sink');
    stack.restore(JSON.parse(JSON.stringify(stack.save())));
    say(world, { ...SAY, text: 'fan again' });
    expect(keptBy(world, 'sink')).toEqual(['fan', 'fan again']);
    const sequences = packetsOutside(world).flatMap((packet) => recordMarkOf(packet)?.sequence ?? []);
    expect(new Set(sequences)).toEqual(new Set([1, 2]));
  });

  it('[Q-33] is said to be encrypted, and for whom', () => {
    const world = messageWorld('storage');
    say(world, SAY);
    const { program } = world.engine;
    const words = new Set(world.trace.journeys().flatMap(({ frame }) => sealedWords(program, frame) ?? []));
    const rest = 'nobody else can read it, or change it unnoticed';
    expect([...words]).toEqual([`encrypted for sink: ${rest}`, `encrypted for management: ${rest}`]);
  });

  it('[Q-33] [B-07] is encrypted where a gateway tells of its channel, which has no machine to do it', () => {
    const text = readFileSync('scenarios/channels-watched.yaml', 'utf8');
    const quiet = text.slice(0, text.indexOf('  - name: the channel of acme fails'));
    const { scenario } = loadScenario(quiet, 'channels-watched.yaml');
    const ran = runScenario(present(scenario, 'it can be read'));
    if (!ran.ok) throw new Error('it can be run');
    const { world } = ran.value;
    const told = packetsOutside(world).filter(
      ({ body }) => body.kind === 'udp' && body.target === port(6514),
    );
    const gateways = ['203.0.113.101', '203.0.113.102'];
    expect(new Set(told.map(({ source }) => formatIp(source)))).toEqual(
      new Set([...gateways, '192.31.195.242', '192.31.195.243']),
    );
    expect(told.filter((packet) => recordMarkOf(packet) === null)).toEqual([]);
    for (const packet of packetsOutside(world)) expect(givesAway(packet, 'health')).toBe(false);
    expect([...world.machines.values()].flatMap(({ unopened }) => unopened)).toEqual([]);
  });

  it.skipIf(!hasPeer('tshark'))('[Q-33] is DTLS to tshark, and nothing in it is malformed', () => {
    const world = messageWorld('storage');
    say(world, SAY);
    say(world, { ...SAY, sort: 'traps' });
    const file = join(folder, 'messages.pcapng');
    writeFileSync(file, writeCapture({ parts: historyOf(world), seed: 1 }));
    expect(fields(file, PROBLEMS, 'frame.number')).toEqual([]);
    const seen = fields(
      file,
      'dtls && !vxlan',
      'udp.dstport',
      'dtls.record.content_type',
      'dtls.record.epoch',
    );
    expect(new Set(seen)).toEqual(new Set(['6514\t23\t1', '10162\t23\t1']));
  });
});
