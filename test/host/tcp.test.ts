import fc from 'fast-check';
import { expect, describe as group, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { START, seededRandom } from '../../src/base/index.ts';
import { TCP, tcpPacket } from '../../src/packet/index.ts';
import { call, closer, echoServer, pair } from './call.ts';
import {
  bytes,
  bytesHeard,
  CLIENT,
  carry,
  describe,
  HSM_PORT,
  heard,
  joined,
  opened,
  SERVER,
  seat,
  segment,
  settle,
  tcpOf,
  text,
  wire,
} from './wire.ts';

group('a TCP conversation', () => {
  it('[D-17] has the shape of RFC 9293: handshake, data, both ends finish', () => {
    const between = pair();
    const { stack } = between.one;
    const id = call(between);
    settle(between);
    stack.write(id, bytes('hello'), between.now);
    settle(between);
    stack.finish(id, between.now);
    settle(between);
    expect(between.crossed.map(describe)).toEqual([
      '> SYN 0',
      '< SYN ACK 0',
      '> ACK 0',
      '> PSH ACK 5',
      '< PSH ACK 5',
      '> ACK 0',
      '> FIN ACK 0',
      '< FIN ACK 0',
      '> ACK 0',
    ]);
    expect(heard(between.one)).toEqual(['connected', 'received', 'closed']);
    expect(text(bytesHeard(between.one))).toBe('hello');
    expect(stack.stateOf(id)).toBe('time-wait');
    expect(between.other.stack.save().connections).toEqual([]);
  });

  it('announces a segment size of 1460, a window of 65535, TTL 64 and "do not fragment"', () => {
    const between = pair();
    call(between);
    settle(between);
    const [syn, answer, acknowledgement] = between.crossed;
    for (const packet of [syn, answer]) {
      expect([...tcpOf(packet).segment.options]).toEqual([2, 4, 5, 0xb4]);
      expect(tcpOf(packet).segment.window).toBe(65535);
      expect(packet?.ttl).toBe(64);
      expect(packet?.kept).toMatchObject({ dontFragment: true, identification: 0 });
    }
    const initial = tcpOf(syn).segment.sequence;
    expect(tcpOf(answer).segment.acknowledgement).toBe((initial + 1) >>> 0);
    expect(tcpOf(acknowledgement).segment.sequence).toBe((initial + 1) >>> 0);
    expect(tcpOf(acknowledgement).segment.options).toHaveLength(0);
  });

  it('uses the ports from 49152 one after the other, or the one that was asked for', () => {
    const between = pair();
    for (const asked of [undefined, undefined, 50000, undefined]) call(between, asked);
    const ports = between.one.sent.map((packet) => tcpOf(packet).source);
    expect(ports).toEqual([49152, 49153, 50000, 49154]);
    const again = between.one.stack.connect(
      { target: SERVER, port: HSM_PORT, sourcePort: port(50000) },
      START,
    );
    expect(again).toEqual({ ok: false, fault: 'port-in-use' });
  });

  it('passes over ports that are in use towards the same target, and says when none is left', () => {
    const between = pair();
    call(between, 49153);
    for (let more = 0; more < 16383; more += 1) call(between);
    const ports = between.one.sent.map((packet) => tcpOf(packet).source);
    expect(ports.slice(0, 3)).toEqual([49153, 49152, 49154]);
    expect(new Set(ports).size).toBe(16384);
    const request = { target: SERVER, port: HSM_PORT };
    expect(between.one.stack.connect(request, START)).toEqual({ ok: false, fault: 'ports-exhausted' });
    expect(between.one.stack.connect({ ...request, port: port(1) }, START).ok).toBe(true);
  });

  it('lets no port call itself, for such a call would never fall silent', () => {
    const { stack } = seat(CLIENT);
    const itself = { target: CLIENT, port: port(40_000) };
    expect(stack.connect({ ...itself, sourcePort: port(40_000) }, START)).toEqual({
      ok: false,
      fault: 'port-in-use',
    });
    const ephemeral = stack.connect({ target: CLIENT, port: port(49_152) }, START);
    expect(ephemeral.ok && stack.endsOf(ephemeral.value)?.localPort).toBe(49_153);
  });

  it('does not answer a segment that claims to come from the port that it is for', () => {
    const { stack, sent } = seat(CLIENT);
    stack.listen([HSM_PORT], closer, seededRandom(1, 'closer'), START);
    const ends = { source: CLIENT, target: CLIENT, sourcePort: HSM_PORT, targetPort: HSM_PORT };
    expect(stack.receive(tcpPacket({ ...ends, sequence: 1, flags: TCP.syn }), START)).toBe('host.bad-source');
    expect(sent).toEqual([]);
  });

  it('[T-03] brings data of any size and cut back intact, in segments that fit', () => {
    const sizes = fc.array(fc.constantFrom(0, 1, 5, 535, 536, 537, 1459, 1460, 1461, 3000, 70_000), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(sizes, fc.constantFrom(1, 100, 536, 1460), fc.boolean(), (parts, segmentSize, early) => {
        const between = pair(seat(CLIENT), echoServer({ segmentSize }));
        const id = call(between);
        if (!early) settle(between);
        // Few segments are enough where they are small.
        const data = parts.map((size, part) =>
          Uint8Array.from({ length: Math.min(size, segmentSize * 90) }, (_, index) => index * 7 + part),
        );
        for (const part of data) between.one.stack.write(id, part, between.now);
        settle(between);
        between.one.stack.finish(id, between.now);
        settle(between);
        expect(Buffer.compare(bytesHeard(between.one), joined(data))).toBe(0);
        for (const packet of between.crossed) {
          expect(tcpOf(packet).body.length).toBeLessThanOrEqual(segmentSize);
        }
        expect(heard(between.one).at(-1)).toBe('closed');
      }),
      { numRuns: 40 },
    );
  });

  it('arrives intact when the wire changes the order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 30 }), (choices) => {
        const between = pair(seat(CLIENT), echoServer({ segmentSize: 10 }));
        const id = call(between);
        settle(between);
        const data = Uint8Array.from({ length: 200 }, (_, index) => index);
        between.one.stack.write(id, data, between.now);
        between.one.stack.finish(id, between.now);
        let at = 0;
        settle(between, (waiting) => (choices[at++ % choices.length] ?? 0) % waiting);
        expect(bytesHeard(between.one)).toEqual(data);
        expect(heard(between.one).at(-1)).toBe('closed');
        expect(between.other.stack.save().connections).toEqual([]);
      }),
    );
  });

  it('puts overlapping pieces together, in whatever order they come', () => {
    const data = Uint8Array.from({ length: 24 }, (_, index) => 65 + index);
    const piece = fc
      .tuple(fc.nat(24), fc.nat(24))
      .map(([one, other]) => [Math.min(one, other), Math.max(one, other)]);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, ended) => {
        const between = pair();
        call(between);
        settle(between);
        const { sequence, acknowledgement } = tcpOf(between.crossed[2]).segment;
        const reach = Array.from(data, () => false);
        for (const [start = 0, end = 0] of [...pieces, [0, 3]]) {
          reach.fill(true, start, end);
          const flags = ended && end === data.length ? TCP.ack | TCP.fin : TCP.ack;
          const choice = { sequence: sequence + start, acknowledgement, flags };
          const forged = segment(CLIENT, 49152, SERVER, HSM_PORT, {
            ...choice,
            payload: data.subarray(start, end),
          });
          between.other.stack.receive(forged, between.now);
        }
        const contiguous = reach.includes(false) ? reach.indexOf(false) : data.length;
        const echoed = between.other.sent.map((packet) => tcpOf(packet).body);
        expect(joined(echoed)).toEqual(data.subarray(0, contiguous));
        const hasFin = ended && contiguous === data.length && pieces.some(([, end]) => end === data.length);
        expect(between.other.stack.save().connections[0]?.state).toBe(hasFin ? 'last-ack' : 'established');
      }),
    );
  });

  it('takes every segment once when the wire repeats them', () => {
    const between = pair();
    const id = call(between);
    settle(between);
    between.one.stack.write(id, bytes('once'), between.now);
    between.one.sent.push(...between.one.sent);
    settle(between);
    expect(text(bytesHeard(between.one))).toBe('once');
    expect(between.other.stack.dropped()['host.tcp-outside-window']).toBe(1);
  });

  it('never has more in flight than the window of 65535', () => {
    const between = pair();
    const id = call(between);
    settle(between);
    between.one.stack.write(id, new Uint8Array(200_000), between.now);
    const inFlight = between.one.sent.reduce((sum, packet) => sum + tcpOf(packet).body.length, 0);
    expect(inFlight).toBe(44 * 1460);
    settle(between);
    expect(bytesHeard(between.one)).toHaveLength(200_000);
  });

  it('pushes with the last segment of what is written, and only there', () => {
    const between = pair();
    const id = call(between);
    settle(between);
    between.one.stack.write(id, new Uint8Array(3000), between.now);
    expect(between.one.sent.map(describe)).toEqual(['> ACK 1460', '> ACK 1460', '> PSH ACK 80']);
  });

  it('lets the user act while it is told: write when connected, finish on the answer, abort in the middle', () => {
    for (const end of ['finish', 'abort'] as const) {
      const client = seat(CLIENT, {
        notify: (event) => {
          client.events.push(event);
          if (event.kind === 'connected') client.stack.write(event.connection, bytes('hello'), START);
          if (event.kind === 'received') client.stack[end](event.connection, START);
        },
      });
      const between = pair(client);
      const id = call(between);
      settle(between);
      const handshake = ['> SYN 0', '< SYN ACK 0', '> ACK 0', '> PSH ACK 5', '< PSH ACK 5'];
      const rest = end === 'abort' ? ['> RST ACK 0'] : ['> FIN ACK 0', '< FIN ACK 0', '> ACK 0'];
      expect(between.crossed.map(describe)).toEqual([...handshake, ...rest]);
      expect(client.stack.stateOf(id)).toBe(end === 'abort' ? 'closed' : 'time-wait');
      expect(between.other.stack.save().connections).toEqual([]);
    }
  });

  it('lets both ends finish at once (simultaneous close)', () => {
    const one = seat(CLIENT);
    const other = seat(SERVER);
    other.stack.listen([HSM_PORT], closer, seededRandom(1), START);
    const between = wire(one, other);
    const id = call(between);
    carry(between);
    carry(between);
    one.stack.finish(id, between.now);
    settle(between);
    expect(text(bytesHeard(one))).toBe('bye');
    expect(one.stack.stateOf(id)).toBe('time-wait');
    expect(other.stack.save().connections.map((connection) => connection.state)).toEqual(['time-wait']);
  });

  it('opens one connection when two SYNs cross (simultaneous open)', () => {
    const one = seat(CLIENT);
    const other = seat(SERVER);
    const from = opened(one.stack.connect({ target: SERVER, port: port(7), sourcePort: port(8) }, START));
    const to = opened(other.stack.connect({ target: CLIENT, port: port(8), sourcePort: port(7) }, START));
    const between = wire(one, other);
    carry(between);
    expect(other.stack.stateOf(to)).toBe('syn-received');
    settle(between);
    expect(heard(one)).toEqual(['connected']);
    expect([one.stack.stateOf(from), other.stack.stateOf(to)]).toEqual(['established', 'established']);
    one.stack.write(from, bytes('hello'), between.now);
    settle(between);
    expect(text(bytesHeard(other))).toBe('hello');
  });
});
