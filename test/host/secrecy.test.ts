import { expect, describe as group, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { START } from '../../src/base/index.ts';
import { echoDatagrams, type Peer } from '../../src/host/index.ts';
import { deriveRecordKey, type IpPacket, isVxlan, sealRecord, udpPacket } from '../../src/packet/index.ts';
import { bytes, CLIENT, SERVER, seat, settle, text, wire } from './wire.ts';

const SECRET = port(6514);
const PLAIN = port(514);
const PORTS: ReadonlySet<number> = new Set([SECRET]);
const THERE = deriveRecordKey('secret', 'client to server');
const BACK = deriveRecordKey('secret', 'server to client');

const server: Peer = { name: 'server', address: SERVER, number: 7, seal: THERE, open: BACK };
const client: Peer = { name: 'client', address: null, number: 7, seal: BACK, open: THERE };

function pair() {
  const one = seat(CLIENT);
  const other = seat(SERVER);
  one.stack.secure(PORTS, [server]);
  other.stack.secure(PORTS, [client]);
  return wire(one, other);
}

function datagram(payload: Uint8Array, source = CLIENT): IpPacket {
  return udpPacket({ source, target: SERVER, sourcePort: port(5000), targetPort: SECRET, payload });
}

const record = (sequence: number, key = THERE, number = 7): Uint8Array =>
  sealRecord(bytes('hello'), number, key, sequence);

group('two who share keys', () => {
  it('[Q-33] talk in records on the ports for them, both ways, and in plain text on others', () => {
    const between = pair();
    const { one, other } = between;
    for (const number of [SECRET, PLAIN]) other.stack.bindUdp(number, echoDatagrams);
    for (const targetPort of [SECRET, PLAIN])
      one.stack.sendUdp({ target: SERVER, targetPort, bytes: bytes('hello') }, START);
    settle(between);
    const said = between.crossed.map(({ body }) =>
      body.kind === 'udp' && !isVxlan(body.body) ? text(body.body) : '',
    );
    expect(said.map((one) => one.includes('hello'))).toEqual([false, true, false, true]);
    const heard = one.events.map((event) =>
      event.kind === 'datagram' ? [text(event.bytes), event.peer] : [],
    );
    expect(heard).toEqual([
      ['hello', 'server'],
      ['hello', undefined],
    ]);
  });

  it('[Q-33] know each other by the key, and not by the address', () => {
    const { stack, events } = pair().other;
    stack.bindUdp(SECRET);
    expect(stack.receive(datagram(record(1), SERVER), START)).toBeNull();
    expect(events).toMatchObject([{ peer: 'client', bytes: bytes('hello') }]);
  });

  it('[Q-33] open nothing else, and say why; what does not open changes nothing', () => {
    const { stack, events } = pair().other;
    stack.bindUdp(SECRET);
    expect(stack.receive(datagram(bytes('hello')), START)).toBe('host.record-malformed');
    expect(stack.receive(datagram(record(1).slice(0, -1)), START)).toBe('host.record-malformed');
    expect(stack.receive(datagram(record(1, THERE, 8)), START)).toBe('host.record-unknown');
    expect(stack.receive(datagram(record(900, BACK)), START)).toBe('host.record-forged');
    expect(stack.receive(datagram(record(2)), START)).toBeNull();
    expect(stack.receive(datagram(record(2)), START)).toBe('host.record-replayed');
    expect(stack.receive(datagram(record(1)), START)).toBeNull();
    expect(stack.receive(datagram(record(100)), START)).toBeNull();
    expect(stack.receive(datagram(record(36)), START)).toBe('host.record-replayed');
    expect(events).toHaveLength(3);
    expect(stack.dropped()['host.record-replayed']).toBe(2);
  });

  it('[Q-33] hear only records where they called from, until that port is closed', () => {
    const { stack } = pair().one;
    const called = stack.sendUdp({ target: SERVER, targetPort: SECRET }, START);
    if (!called.ok) throw new Error('it calls');
    const forged = () =>
      stack.receive(
        udpPacket({
          source: SERVER,
          target: CLIENT,
          sourcePort: SECRET,
          targetPort: called.value,
          payload: bytes('no'),
        }),
        START,
      );
    expect(forged()).toBe('host.record-malformed');
    stack.closeUdp(called.value);
    expect(forged()).toBe('host.udp-port-closed');
    stack.bindUdp(called.value);
    expect(forged()).toBeNull();
  });

  it('[Q-33] leave a port plain that was bound before, and one of a machine that shares no keys', () => {
    const { one } = pair();
    one.stack.bindUdp(PLAIN);
    one.stack.sendUdp({ target: SERVER, targetPort: SECRET, sourcePort: PLAIN }, START);
    const plain = udpPacket({
      source: SERVER,
      target: CLIENT,
      sourcePort: PLAIN,
      targetPort: PLAIN,
      payload: bytes('yes'),
    });
    expect(one.stack.receive(plain, START)).toBeNull();
    const stranger = seat(SERVER);
    stranger.stack.secure(PORTS, []);
    stranger.stack.bindUdp(SECRET);
    expect(stranger.stack.receive(datagram(bytes('hello')), START)).toBeNull();
  });

  it('[Q-33] [DC-07] go on where they were when they are saved', () => {
    const { one, other } = pair();
    one.stack.sendUdp({ target: SERVER, targetPort: SECRET }, START);
    const [first] = one.sent;
    other.stack.bindUdp(SECRET);
    if (first === undefined) throw new Error('it is sent');
    expect(other.stack.receive(first, START)).toBeNull();
    const again = pair();
    again.other.stack.bindUdp(SECRET);
    for (const [from, to] of [
      [one, again.one],
      [other, again.other],
    ] as const)
      to.stack.restore(JSON.parse(JSON.stringify(from.stack.save())));
    expect(again.other.stack.receive(first, START)).toBe('host.record-replayed');
    again.one.stack.sendUdp({ target: SERVER, targetPort: SECRET }, START);
    const [second] = again.one.sent;
    if (second === undefined) throw new Error('it is sent');
    expect(again.other.stack.receive(second, START)).toBeNull();
  });
});
