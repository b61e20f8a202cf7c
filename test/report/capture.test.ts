import { describe, expect, it } from 'vitest';
import type { Journey } from '../../src/dataplane/index.ts';
import { decodeFrame, encodeFrame } from '../../src/packet/index.ts';
import { writeCapture } from '../../src/report/index.ts';
import { sundries } from './exchanges.ts';
import { figure3 } from './figure3.ts';
import { numberOf, readCapture, textOf } from './pcapng.ts';

const { program, request, reply, denied, broken } = figure3();
const capture = (journeys: readonly Journey[]): Uint8Array =>
  writeCapture({ parts: [{ program, journeys }], seed: 7 });
const COMMENT = 1;
const FLAGS = 2;
const PACKET_ID = 5;

describe('a capture', () => {
  const file = readCapture(capture([request, reply]));

  it('says what wrote it and with which seed', () => {
    expect(textOf(file.section, 4)).toBe('vnsim');
    expect(textOf(file.section, COMMENT)).toContain('seed 7');
  });

  it('has one block for each interface of the program, with name, description, nanoseconds and link address', () => {
    expect(file.interfaces.map((options) => textOf(options, 2))).toEqual(
      program.interfaces.map(({ name }) => name),
    );
    expect(file.interfaces.map((options) => textOf(options, 3))).toEqual(
      program.interfaces.map(({ description }) => description),
    );
    for (const options of file.interfaces) expect(numberOf(options, 9)).toBe(9);
    const app = file.interfaces.find((options) => textOf(options, 2) === 'app-310:eth0') ?? [];
    expect([...(app.find(({ code }) => code === 6)?.value ?? [])]).toEqual([2, 0, 0, 0, 0, 7]);
  });

  it('has each packet twice, outbound and inbound at the ends of each link it crossed, in the order of time', () => {
    const crossings = [request, reply].flatMap(({ steps }) =>
      steps.filter(({ stage }) => stage.kind === 'transmit'),
    );
    expect(file.packets).toHaveLength(2 * crossings.length);
    const times = file.packets.map(({ time }) => time);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    for (const step of crossings) {
      if (step.stage.kind !== 'transmit') continue;
      const { out, into, latency } = step.stage;
      const bytes = encodeFrame(step.before);
      for (const [place, time, direction] of [
        [out, step.now, 2],
        [into, step.now + latency, 1],
      ] as const) {
        const found = file.packets.filter((packet) => packet.interface === place && packet.time === time);
        expect(found.map(({ options }) => numberOf(options, FLAGS))).toContain(direction);
        expect(found.map((packet) => packet.bytes)).toContainEqual(bytes);
      }
    }
  });

  it('is in the order of time whatever the order of the journeys', () => {
    const times = readCapture(capture([reply, request])).packets.map(({ time }) => time);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('carries frames that decode, under the number of their journey', () => {
    for (const { bytes, options } of file.packets) {
      expect(decodeFrame(bytes).ok).toBe(true);
      expect([request.id, reply.id]).toContain(numberOf(options, PACKET_ID));
    }
  });

  it('comments what the device did, and how the packet ended', () => {
    const comments = file.packets.map(({ options }) => textOf(options, COMMENT));
    expect(comments).toContain(
      'unwrap: segment 5001 from server-a is VN acme, for vni-314; filter: firewall in #2 allow tcp/1792 from 10.0.0.0/16',
    );
    expect(comments.find((text) => text?.startsWith('accept: a router'))).toMatch(
      /; translate: new connection · 10\.0\.0\.201 stands for 10\.10\.0\.3; route: /,
    );
    expect(comments).toContain('delivered here: to the machine itself, tcp/1792');
    expect(comments).toContain(
      'dropped here, by hsm-327: accept.not-for-me, the frame is for another link address: the frame is for 02:00:00:00:00:26, this interface is 02:00:00:00:00:27',
    );
  });

  it('counts what each interface received and what was dropped behind it', () => {
    expect(file.statistics.map((block) => block.interface)).toEqual(
      program.interfaces.map((_, index) => index),
    );
    for (const block of file.statistics) {
      const inbound = file.packets.filter(
        (packet) => packet.interface === block.interface && numberOf(packet.options, FLAGS) === 1,
      );
      const dropped = inbound.filter(({ options }) => textOf(options, COMMENT)?.startsWith('dropped here'));
      expect([numberOf(block.options, 4), numberOf(block.options, 5)]).toEqual([
        inbound.length,
        dropped.length,
      ]);
    }
  });

  it('a run under several Programs has each interface once, by its name', () => {
    const parts = [
      { program, journeys: [request] },
      { program: { ...program, interfaces: [...program.interfaces].reverse() }, journeys: [] },
      { ...sundries(), journeys: [] },
    ];
    const names = readCapture(writeCapture({ parts, seed: 7 })).interfaces.map((options) =>
      textOf(options, 2),
    );
    expect(names).toEqual([...program.interfaces.map(({ name }) => name), 'Zürich:eth0', '東京:eth0']);
  });

  it('shows where a packet was denied, and a packet that met a broken link only where it was sent', () => {
    const both = readCapture(capture([denied, broken]));
    const comments = both.packets.map(({ options }) => textOf(options, COMMENT) ?? '');
    expect(
      comments.filter((text) => text.startsWith('dropped here, by vni-314: firewall.deny')),
    ).toHaveLength(1);
    const last = both.packets.at(-1);
    expect(
      textOf(
        program.interfaces[last?.interface ?? -1] === undefined
          ? []
          : (both.interfaces[last?.interface ?? -1] ?? []),
        2,
      ),
    ).toBe('tor:port 3');
    expect(
      last?.options.flatMap(({ code, value }) => (code === COMMENT ? [new TextDecoder().decode(value)] : [])),
    ).toEqual([
      expect.stringContaining('tag: port 3 takes the tag VLAN 101 off'),
      'dropped here, by tor: link.down, the link is down: link tor--hsm-326 has failed',
    ]);
  });

  it('keeps instants beyond 32 bits, names beyond ASCII, and is the same bytes for the same run', () => {
    const late = {
      ...request,
      steps: request.steps.map((step) => ({ ...step, now: (step.now + 7.7e15) as typeof step.now })),
    };
    const [first] = readCapture(capture([late])).packets;
    expect(first?.time).toBe((request.steps[1]?.now ?? 0) + 7.7e15);
    const other = sundries();
    const names = readCapture(writeCapture({ parts: [other], seed: 1 })).interfaces.map((options) =>
      textOf(options, 2),
    );
    expect(names).toEqual(['Zürich:eth0', '東京:eth0']);
    const journeys = [request, reply, denied];
    expect(capture(journeys)).toEqual(capture(journeys));
  });
});
