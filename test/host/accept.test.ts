import { expect, describe as group, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { bytes, bytesHeard, CLIENT, describe, heard, SERVER, seat, settle, text, wire } from './wire.ts';

const PORT = port(1792);

group('a port whose connections belong to the user', () => {
  it('tells of each connection, and carries bytes both ways', () => {
    const between = wire(seat(CLIENT), seat(SERVER));
    const { one, other } = between;
    other.stack.accept(PORT);
    const opened = one.stack.connect({ target: SERVER, port: PORT }, between.now);
    settle(between);
    const [event] = other.events;
    if (!opened.ok || event?.kind !== 'accepted') throw new Error('nobody was accepted');
    expect(event).toMatchObject({ port: PORT, remote: CLIENT, remotePort: 49152 });
    one.stack.write(opened.value, bytes('there'), between.now);
    settle(between);
    other.stack.write(event.connection, bytes('and back'), between.now);
    settle(between);
    expect([text(bytesHeard(other)), text(bytesHeard(one))]).toEqual(['there', 'and back']);
    other.stack.finish(event.connection, between.now);
    one.stack.finish(opened.value, between.now);
    settle(between);
    expect([heard(one), heard(other)]).toEqual([
      ['connected', 'received', 'closed'],
      ['accepted', 'received', 'closed'],
    ]);
  });

  it('answers with a reset once it is refused, and leaves alone what is open', () => {
    const between = wire(seat(CLIENT), seat(SERVER));
    const { one, other } = between;
    other.stack.accept(PORT);
    const opened = one.stack.connect({ target: SERVER, port: PORT }, between.now);
    settle(between);
    other.stack.refuse(PORT);
    one.stack.connect({ target: SERVER, port: PORT }, between.now);
    settle(between);
    expect(describe(between.crossed.at(-1) as never)).toBe('< RST ACK 0');
    expect(opened.ok && one.stack.stateOf(opened.value)).toBe('established');
  });

  it('is one of those that come back when a stack is restored', () => {
    const first = seat(SERVER);
    first.stack.accept(PORT);
    const between = wire(seat(CLIENT), first);
    const opened = between.one.stack.connect({ target: SERVER, port: PORT }, between.now);
    settle(between);
    const second = seat(SERVER);
    second.stack.restore(JSON.parse(JSON.stringify(first.stack.save())));
    expect(second.stack.save()).toEqual(first.stack.save());
    const later = wire(between.one, second);
    later.now = between.now;
    if (opened.ok) later.one.stack.write(opened.value, bytes('still'), later.now);
    settle(later);
    expect(text(bytesHeard(second))).toBe('still');
  });
});
