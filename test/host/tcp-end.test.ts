import { expect, describe as group, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { nanos, START, seconds, seededRandom } from '../../src/base/index.ts';
import { TCP } from '../../src/packet/index.ts';
import { call, closer, pair } from './call.ts';
import {
  bytes,
  CLIENT,
  describe,
  HSM_PORT,
  heard,
  SERVER,
  seat,
  segment,
  settle,
  tcpOf,
  wire,
} from './wire.ts';

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
    // one answer for both: what may be forged is answered twice a second at most (RFC 5961 7)
    expect(between.one.sent.map(describe)).toEqual(['> ACK 0']);
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
