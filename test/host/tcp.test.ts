import fc from 'fast-check';
import { expect, describe as group, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { nanos, START, seconds, seededRandom } from '../../src/base/index.ts';
import type { Application } from '../../src/host/index.ts';
import { echo } from '../../src/hsm/index.ts';
import { TCP } from '../../src/packet/index.ts';
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
  type Seat,
  seat,
  segment,
  settle,
  tcpOf,
  text,
  type Wire,
  wire,
} from './wire.ts';

/** Says goodbye to whoever opens a stream. */
const closer: Application<number> = {
  name: 'closer',
  initial: () => 0,
  step: (state) => ({ state: state + 1, send: bytes('bye'), close: true }),
};

function echoServer(options: Parameters<typeof seat>[1] = {}): Seat {
  const server = seat(SERVER, options);
  server.stack.listen([HSM_PORT], echo, seededRandom(9, 'echo'), START);
  return server;
}

function pair(client = seat(CLIENT), server = echoServer()): Wire {
  return wire(client, server);
}

function call(between: Wire, sourcePort?: number): number {
  const request = { target: SERVER, port: HSM_PORT };
  const chosen = sourcePort === undefined ? request : { ...request, sourcePort: port(sourcePort) };
  return opened(between.one.stack.connect(chosen, between.now));
}

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

  it('lets both ends finish at once (simultaneous close)', () => {
    const one = seat(CLIENT);
    const other = seat(SERVER, {}, () => {});
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

group('refusals and ends', () => {
  it('resets a SYN for a closed port, and the client hears of it', () => {
    const between = wire(seat(CLIENT), seat(SERVER));
    const id = call(between);
    settle(between);
    expect(between.crossed.map(describe)).toEqual(['> SYN 0', '< RST ACK 0']);
    expect(heard(between.one)).toEqual(['reset']);
    expect(between.one.stack.stateOf(id)).toBe('closed');
    expect(between.other.stack.dropped()['host.tcp-port-closed']).toBe(1);
  });

  it('answers a segment without a connection with the acknowledged number (RFC 9293 3.5.2)', () => {
    const between = pair();
    const id = call(between);
    settle(between);
    const stranger = seat(SERVER);
    between.one.stack.write(id, bytes('hello'), between.now);
    const [segment] = between.one.sent;
    if (segment !== undefined) stranger.stack.receive(segment, between.now);
    const [reset] = stranger.sent;
    expect(stranger.sent.map(describe)).toEqual(['< RST 0']);
    expect(tcpOf(reset).segment.sequence).toBe(tcpOf(segment).segment.acknowledgement);
    if (reset !== undefined) between.one.stack.receive(reset, between.now);
    expect(heard(between.one).at(-1)).toBe('reset');
  });

  it('tells the application when the client aborts, and forgets the connection', () => {
    const told: string[] = [];
    const server = seat(SERVER);
    server.stack.listen(
      [HSM_PORT],
      {
        name: 'witness',
        initial: () => null,
        step: (state, event) => {
          told.push(event.kind);
          return { state, send: new Uint8Array(0), close: false };
        },
      },
      seededRandom(1),
      START,
    );
    const between = pair(seat(CLIENT), server);
    const id = call(between);
    settle(between);
    between.one.stack.abort(id, between.now);
    settle(between);
    expect(told).toEqual(['opened', 'closed']);
    expect(server.stack.save().connections).toEqual([]);
    const second = call(between);
    settle(between);
    between.one.stack.finish(second, between.now);
    settle(between);
    expect(told).toEqual(['opened', 'closed', 'opened', 'closed']);
    // This application never asks to close: the stream ends with the client's direction all the same.
    expect(between.one.stack.stateOf(second)).toBe('time-wait');
    expect(server.stack.save().connections).toEqual([]);
    expect(between.one.stack.write(id, bytes('x'), between.now)).toBe(false);
  });

  it('believes a reset only with exactly the next sequence number (RFC 5961 3.2)', () => {
    const between = pair();
    const id = call(between);
    settle(between);
    const next = tcpOf(between.crossed[1]).segment.sequence + 1;
    const forge = (sequence: number, flags: number) =>
      between.one.stack.receive(segment(SERVER, HSM_PORT, CLIENT, 49152, { sequence, flags }), between.now);
    expect(forge(next + 5, TCP.rst)).toBe('host.tcp-challenged');
    expect(forge(next + 70_000, TCP.rst)).toBe('host.tcp-outside-window');
    expect(forge(next - 1, TCP.rst)).toBe('host.tcp-outside-window');
    expect(forge(next + 5, TCP.syn)).toBe('host.tcp-challenged');
    expect(between.one.stack.stateOf(id)).toBe('established');
    expect(between.one.sent.map(describe)).toEqual(['> ACK 0', '> ACK 0']);
    expect(forge(next, TCP.rst)).toBeNull();
    expect(heard(between.one)).toEqual(['connected', 'reset']);
  });

  it('drops what makes no sense, each with its reason', () => {
    const between = pair();
    call(between);
    settle(between);
    const next = tcpOf(between.crossed[1]).segment.acknowledgement;
    const forge = (sourcePort: number, flags: number, sequence = next, acknowledgement = 0) =>
      between.other.stack.receive(
        segment(CLIENT, sourcePort, SERVER, HSM_PORT, { sequence, flags, acknowledgement }),
        between.now,
      );
    expect(forge(49152, TCP.psh)).toBe('host.tcp-bad-flags');
    const unsent = tcpOf(between.crossed[1]).segment.sequence + 100;
    expect(forge(49152, TCP.ack, next, unsent)).toBe('host.tcp-bad-acknowledgement');
    expect(forge(3, TCP.syn | TCP.fin)).toBe('host.tcp-bad-flags');
    expect(forge(3, TCP.fin)).toBe('host.tcp-bad-flags');
    expect(forge(3, TCP.rst)).toBe('host.tcp-no-connection');
    expect(between.other.sent.map(describe)).toEqual(['< ACK 0']);
    expect(forge(3, TCP.ack)).toBe('host.tcp-no-connection');
    expect(forge(3, TCP.syn)).toBeNull();
    expect(forge(3, TCP.ack, next + 1, 0)).toBe('host.tcp-bad-acknowledgement');
    expect(between.other.sent.map(describe)).toEqual(['< ACK 0', '< RST 0', '< SYN ACK 0', '< RST 0']);
  });

  it('in SYN-SENT resets a wrong acknowledgement and ignores a reset that acknowledges nothing', () => {
    const client = seat(CLIENT);
    const between = wire(client, seat(SERVER));
    const id = call(between);
    const initial = tcpOf(client.sent[0]).segment.sequence;
    const forge = (flags: number, acknowledgement: number) =>
      client.stack.receive(
        segment(SERVER, HSM_PORT, CLIENT, 49152, { sequence: 1, flags, acknowledgement }),
        START,
      );
    expect(forge(TCP.rst, 0)).toBe('host.tcp-bad-flags');
    expect(forge(TCP.ack, initial + 1)).toBe('host.tcp-bad-flags');
    expect(forge(TCP.rst | TCP.ack, initial)).toBe('host.tcp-bad-acknowledgement');
    expect(forge(TCP.syn | TCP.ack, initial + 2)).toBe('host.tcp-bad-acknowledgement');
    expect(client.sent.map(describe)).toEqual(['> SYN 0', '> RST 0']);
    expect(client.stack.stateOf(id)).toBe('syn-sent');
    client.stack.finish(id, START);
    expect(client.stack.stateOf(id)).toBe('closed');
  });

  it('remembers a finished connection for a minute, and answers its last FIN again', () => {
    const between = pair();
    const id = call(between, 50000);
    settle(between);
    between.one.stack.finish(id, between.now);
    settle(between);
    const request = { target: SERVER, port: HSM_PORT, sourcePort: port(50000) };
    const finishedAt = between.now;
    const end = finishedAt + seconds(60);
    expect(between.one.stack.connect(request, nanos(end - 1001)).ok).toBe(false);

    const lastFin = between.crossed.find((packet) => describe(packet) === '< FIN ACK 0');
    if (lastFin === undefined) throw new Error('the server finished');
    const again = nanos(finishedAt + seconds(30));
    expect(between.one.stack.receive(lastFin, again)).toBe('host.tcp-outside-window');
    expect(between.one.sent.map(describe)).toEqual(['> ACK 0']);
    expect(between.one.stack.connect(request, nanos(end)).ok).toBe(false);
    expect(between.one.stack.connect(request, nanos(again + seconds(60))).ok).toBe(true);
  });

  it('forgets finished connections in the order in which their minutes end', () => {
    const between = pair();
    const finished = [5000, 5001].map((sourcePort) => {
      const id = call(between, sourcePort);
      settle(between);
      between.one.stack.finish(id, between.now);
      settle(between);
      return between.now;
    });
    const [, secondAt] = finished;
    const firstFin = between.crossed.find((packet) => describe(packet) === '< FIN ACK 0');
    if (firstFin === undefined || secondAt === undefined) throw new Error('both finished');
    between.one.stack.receive(firstFin, nanos(secondAt + seconds(1)));
    const connect = (sourcePort: number) => {
      const request = { target: SERVER, port: HSM_PORT, sourcePort: port(sourcePort) };
      return between.one.stack.connect(request, nanos(secondAt + seconds(60))).ok;
    };
    expect([connect(5000), connect(5001)]).toEqual([false, true]);
  });

  it('lets a later SYN replace a connection in TIME-WAIT (RFC 9293 MAY-2)', () => {
    const server = seat(SERVER);
    server.stack.listen([HSM_PORT], closer, seededRandom(1), START);
    const between = pair(seat(CLIENT), server);
    const id = call(between);
    settle(between);
    between.one.stack.write(id, bytes('too late'), between.now);
    between.one.stack.finish(id, between.now);
    settle(between);
    expect(server.stack.save().connections.map((connection) => connection.state)).toEqual(['time-wait']);
    // It closed when the stream opened, and has heard nothing since.
    expect(server.stack.save().services[0]?.state).toBe(1);
    const used = server.stack.save().connections[0]?.receiveNext ?? 0;
    const knock = (sequence: number) =>
      server.stack.receive(
        segment(CLIENT, 49152, SERVER, HSM_PORT, { sequence, flags: TCP.syn }),
        between.now,
      );
    knock((used - 1) >>> 0);
    expect(server.sent.map(describe)).toEqual(['< ACK 0']);
    expect(knock(used)).toBeNull();
    expect(server.sent.map(describe)).toEqual(['< ACK 0', '< SYN ACK 0']);
  });
});
