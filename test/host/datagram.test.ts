import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, describe as group, it } from 'vitest';
import { ipv4, port } from '../../src/address/index.ts';
import { START } from '../../src/base/index.ts';
import { echoDatagrams, HOST_DROPS } from '../../src/host/index.ts';
import {
  decrementTtl,
  echoPacket,
  type IpPacket,
  type Ipv4Packet,
  icmpErrorPacket,
  recomputeChecksums,
  udpPacket,
  verifyChecksums,
} from '../../src/packet/index.ts';
import {
  bytes,
  CLIENT,
  CLIENT_BROADCAST,
  describe,
  heard,
  SERVER,
  seat,
  segment,
  settle,
  tcpOf,
  wire,
} from './wire.ts';

const BROADCASTS = [CLIENT_BROADCAST, ipv4(0xffffffff)];

function datagram(target = SERVER, source = CLIENT): IpPacket {
  const ports = { sourcePort: port(5000), targetPort: port(7) };
  return udpPacket({ source, target, ...ports, payload: bytes('hello') });
}

function ping(target = SERVER): IpPacket {
  const fields = { direction: 'request', identifier: port(3), sequence: 4 } as const;
  return echoPacket({ source: CLIENT, target, ...fields, payload: bytes('ping') });
}

function opaque(protocol: number, change: Partial<Ipv4Packet['kept']> = {}): IpPacket {
  const packet = datagram() as Ipv4Packet;
  const kept = { ...packet.kept, protocol, ...change };
  return recomputeChecksums({
    ...packet,
    kept,
    body: { kind: 'opaque-body', payload: new Uint8Array(12) },
  });
}

group('echo', () => {
  it('is answered with the same identifier, sequence and data, from the address that was asked', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(65535),
        fc.nat(65535),
        (data, identifier, sequence) => {
          const between = wire(seat(CLIENT), seat(SERVER));
          between.one.stack.ping(
            { target: SERVER, identifier: port(identifier), sequence, bytes: data },
            START,
          );
          settle(between);
          expect(between.crossed.map(describe)).toEqual([
            `> echo request ${data.length}`,
            `< echo reply ${data.length}`,
          ]);
          expect(between.one.events).toEqual([
            { kind: 'echo-reply', source: SERVER, identifier, sequence, bytes: data },
          ]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('comes back in the class of service of the request (RFC 1812 4.3.3.6), and is never ECN capable', () => {
    const server = seat(SERVER);
    const asked = ping() as Ipv4Packet;
    const kept = { ...asked.kept, dscp: 46, ecn: 2 };
    server.stack.receive(recomputeChecksums({ ...asked, kept }), START);
    expect(server.sent.map((answer) => [answer.kept.dscp, answer.kept.ecn])).toEqual([[46, 0]]);
  });

  it('numbers its requests 1, 2, … and ignores replies that nobody asked for', () => {
    const client = seat(CLIENT);
    expect([1, 2].map(() => client.stack.ping({ target: SERVER }, START))).toEqual([
      { ok: true, value: 1 },
      { ok: true, value: 2 },
    ]);
    const reply = (identifier: number) =>
      echoPacket({
        source: SERVER,
        target: CLIENT,
        direction: 'reply',
        identifier: port(identifier),
        sequence: 1,
      });
    expect(client.stack.receive(reply(3), START)).toBe('host.echo-unasked');
    expect(client.stack.receive(reply(2), START)).toBeNull();
    expect(heard(client)).toEqual(['echo-reply']);
  });
});

group('UDP', () => {
  it('reaches a responder, and its answer goes back the way it came', () => {
    const between = wire(seat(CLIENT), seat(SERVER));
    between.other.stack.bindUdp(port(7), echoDatagrams);
    const from = between.one.stack.sendUdp(
      { target: SERVER, targetPort: port(7), bytes: bytes('hello') },
      START,
    );
    expect(from).toEqual({ ok: true, value: 49152 });
    settle(between);
    expect(between.one.events).toEqual([
      {
        kind: 'datagram',
        source: SERVER,
        sourcePort: 7,
        target: CLIENT,
        targetPort: 49152,
        bytes: bytes('hello'),
      },
    ]);
  });

  it('uses ephemeral ports in order, skips bound ones and says when none is left', () => {
    const client = seat(CLIENT);
    client.stack.bindUdp(port(49153));
    const send = () => client.stack.sendUdp({ target: SERVER, targetPort: port(7) }, START);
    expect([send(), send()]).toEqual([
      { ok: true, value: 49152 },
      { ok: true, value: 49154 },
    ]);
    for (let more = 0; more < 16384 - 3; more += 1) send();
    expect(send()).toEqual({ ok: false, fault: 'ports-exhausted' });
    client.stack.closeUdp(port(50000));
    expect(send()).toEqual({ ok: true, value: 50000 });
  });

  it('to a closed port is answered with ICMP 3/3, and the sender hears which datagram it was', () => {
    const between = wire(seat(CLIENT), seat(SERVER));
    between.one.stack.sendUdp({ target: SERVER, targetPort: port(9), bytes: bytes('hello') }, START);
    settle(between);
    expect(between.crossed.map(describe)).toEqual(['> udp', '< icmp 3/3']);
    expect(between.one.events).toEqual([
      {
        kind: 'unreachable',
        reporter: SERVER,
        type: 3,
        code: 3,
        parameter: 0,
        protocol: 'udp',
        connection: null,
        ended: false,
        source: CLIENT,
        sourcePort: 49152,
        target: SERVER,
        targetPort: 9,
      },
    ]);
    expect(between.other.stack.dropped()['host.udp-port-closed']).toBe(1);
  });

  it('numbers packets that may be fragmented and leaves 0 in those that may not (RFC 6864)', () => {
    const client = seat(CLIENT);
    const send = (cutting: 'allowed' | 'path') =>
      client.stack.sendUdp({ target: SERVER, targetPort: port(7), cutting }, START);
    send('allowed');
    send('path');
    client.stack.ping({ target: SERVER, cutting: 'allowed' }, START);
    expect(client.sent.map(({ kept }) => [kept.dontFragment, kept.identification])).toEqual([
      [false, 1],
      [true, 0],
      [false, 2],
    ]);
  });
});

group('what a machine does not answer (RFC 1122 3.2.2)', () => {
  it.each(BROADCASTS)('a broadcast to a closed port, an echo or a SYN to everybody (%i)', (target) => {
    const server = seat(SERVER, { broadcasts: [CLIENT_BROADCAST] });
    const syn = segment(CLIENT, 1, target, 2, { sequence: 0, flags: 2 });
    expect(server.stack.receive(datagram(target), START)).toBe('host.udp-port-closed');
    expect(server.stack.receive(ping(target), START)).toBe('host.broadcast');
    expect(server.stack.receive(syn, START)).toBe('host.broadcast');
    expect(server.sent).toEqual([]);
  });

  it('but a broadcast to a responder is answered from its own address', () => {
    const server = seat(SERVER, { broadcasts: [CLIENT_BROADCAST] });
    server.stack.bindUdp(port(7), echoDatagrams);
    expect(server.stack.receive(datagram(CLIENT_BROADCAST), START)).toBeNull();
    expect(server.sent.map(({ source, target }) => [source, target])).toEqual([[SERVER, CLIENT]]);
  });

  it('a responder that is silent', () => {
    const server = seat(SERVER);
    server.stack.bindUdp(port(7), () => null);
    expect(server.stack.receive(datagram(), START)).toBeNull();
    expect(server.sent).toEqual([]);
  });

  it.each([0, 0x7f000001, 0xe0000001, 0xf0000001, 0xffffffff])(
    'a source that is no machine: %i',
    (source) => {
      const server = seat(SERVER);
      expect(server.stack.receive(datagram(SERVER, ipv4(source)), START)).toBe('host.bad-source');
      expect(server.sent).toEqual([]);
    },
  );

  it('an ICMP error, whatever it is about', () => {
    const server = seat(SERVER);
    const error = (type: number, about: IpPacket) =>
      icmpErrorPacket({ source: CLIENT, target: SERVER, error: [type, 0], offending: about });
    expect(server.stack.receive(error(3, datagram(CLIENT, SERVER)), START)).toBe('host.icmp-unrelated');
    expect(server.stack.receive(error(3, ping()), START)).toBe('host.icmp-unrelated');
    expect(server.stack.receive(error(4, datagram(CLIENT, SERVER)), START)).toBe('host.icmp-ignored');
    expect(server.sent).toEqual([]);
  });

  it('what is not for it, is damaged, in pieces or unreadable', () => {
    const server = seat(SERVER);
    server.stack.bindUdp(port(7), echoDatagrams);
    const good = datagram();
    expect(server.stack.receive(datagram(CLIENT), START)).toBe('host.not-mine');
    expect(server.stack.receive({ ...good, checksum: good.checksum ^ 1 }, START)).toBe('host.bad-checksum');
    if (good.body.kind !== 'udp') throw new Error('a datagram');
    const damaged = { ...good, body: { ...good.body, checksum: good.body.checksum ^ 0x100 } };
    expect(server.stack.receive(damaged, START)).toBe('host.bad-checksum');
    expect(server.stack.receive(opaque(17, { moreFragments: true }), START)).toBe('host.fragment');
    expect(server.stack.receive(opaque(6), START)).toBe('host.malformed');
    expect(server.sent).toEqual([]);
    expect(server.stack.receive(good, START)).toBeNull();
  });

  it('but an unknown protocol is reported with 3/2, quoting the packet', () => {
    const server = seat(SERVER);
    expect(server.stack.receive(opaque(132), START)).toBe('host.protocol-unknown');
    expect(server.sent.map(describe)).toEqual(['< icmp 3/2']);
    expect(server.sent.map(verifyChecksums)).toEqual(['good']);
  });
});

group('ICMP errors about a connection', () => {
  const about = (packet: IpPacket, type: number, code: number) =>
    icmpErrorPacket({ source: ipv4(0x0a000001), target: CLIENT, error: [type, code], offending: packet });

  it.each([
    [3, 1, true],
    [3, 13, true],
    [11, 0, true],
    [3, 4, false],
  ])('%i/%i about a SYN ends the attempt: %s', (type, code, ended) => {
    const client = seat(CLIENT);
    const call = client.stack.connect({ target: SERVER, port: port(1) }, START);
    const [syn] = client.sent;
    if (syn === undefined || !call.ok) throw new Error('a SYN was sent');
    expect(client.stack.receive(about(decrementTtl(syn), type, code), START)).toBeNull();
    expect(client.events).toMatchObject([
      { kind: 'unreachable', protocol: 'tcp', connection: call.value, type, code, ended },
    ]);
    expect(client.stack.stateOf(call.value)).toBe(ended ? 'closed' : 'syn-sent');
  });

  it('are news but no end once it is established, and void about what is not in flight (RFC 5927)', () => {
    const between = wire(seat(CLIENT), seat(SERVER));
    between.other.stack.bindUdp(port(7), echoDatagrams);
    const server = between.other.stack;
    const { stack } = between.one;
    const crossing = stack.connect({ target: SERVER, port: port(8), sourcePort: port(9) }, START);
    server.connect({ target: CLIENT, port: port(9), sourcePort: port(8) }, START);
    settle(between);
    if (!crossing.ok) throw new Error('connected');
    const [syn] = between.crossed;
    stack.write(crossing.value, bytes('hello'), between.now);
    const [data] = between.one.sent;
    if (syn === undefined || data === undefined) throw new Error('packets were sent');
    expect(stack.receive(about(syn, 3, 1), between.now)).toBe('host.icmp-unrelated');
    expect(stack.receive(about(data, 3, 1), between.now)).toBeNull();
    expect(between.one.events.at(-1)).toMatchObject({ kind: 'unreachable', ended: false });
    expect(stack.stateOf(crossing.value)).toBe('established');
    settle(between);
    expect(stack.receive(about(data, 3, 1), between.now)).toBe('host.icmp-unrelated');
    expect(tcpOf(data).body).toHaveLength(5);
  });

  it('are void about a packet that another machine sent', () => {
    const client = seat(CLIENT);
    client.stack.bindUdp(port(5000));
    expect(client.stack.receive(about(datagram(SERVER, ipv4(0x0a000008)), 3, 1), START)).toBe(
      'host.icmp-unrelated',
    );
    expect(client.stack.receive(about(datagram(), 3, 1), START)).toBeNull();
    expect(heard(client)).toEqual(['unreachable']);
  });

  it('reach whoever pinged', () => {
    const client = seat(CLIENT);
    const pinged = client.stack.ping({ target: SERVER }, START);
    const identifier = pinged.ok ? pinged.value : null;
    const [request] = client.sent;
    if (request === undefined) throw new Error('a request was sent');
    client.stack.receive(about(request, 11, 0), START);
    expect(client.events).toMatchObject([
      { kind: 'unreachable', protocol: 'icmp', type: 11, sourcePort: identifier, target: SERVER },
    ]);
  });
});

group('the table of reasons', () => {
  const here = new URL('.', import.meta.url);
  const tests = readdirSync(here).map((file) => readFileSync(new URL(file, here), 'utf8'));

  it.each(Object.entries(HOST_DROPS))(
    '%s is explained in one sentence and seen in a test',
    (reason, meaning) => {
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(tests.some((test) => test.includes(`'${reason}'`))).toBe(true);
    },
  );
});
