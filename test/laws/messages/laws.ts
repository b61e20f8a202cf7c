import fc from 'fast-check';
import { formatIp, port } from '../../../src/address/index.ts';
import { nanos } from '../../../src/base/index.ts';
import { describePacket, isVxlan } from '../../../src/packet/index.ts';
import type { World } from '../../../src/scenario/index.ts';
import { pass } from '../../../src/scenario/repair.ts';
import { signOfLife } from '../../../src/scenario/sign-of-life.ts';
import { demand } from '../law.ts';
import {
  anyAttack,
  anySay,
  attack,
  bytesOf,
  forge,
  givesAway,
  keptBy,
  machineOf,
  messageWorld,
  type Plant,
  packetsAt,
  packetsOutside,
  passMicroseconds,
  recordsOutside,
  type Say,
  SEALED,
  type Sink,
  say,
} from './story.ts';

/** A sentence about every story of messages, and a fault that could be planted in each. Throws `LawBroken` where it is false. */
export interface Law {
  readonly name: string;
  readonly check: (plant: Plant) => fc.IProperty<unknown>;
}

const anySink = fc.constantFrom<Sink>('storage', 'queue');

/** Everybody has said something, so that eve has something to work with. */
const someSays = fc.array(anySay, { minLength: 1, maxLength: 5 });

function texts(says: readonly Say[]): readonly string[] {
  return says.map(({ text }) => text);
}

export const nobodyOutsideReads: Law = {
  name: '[Q-33] [B-12] of a message no packet on the Internet has a byte, be it as it is, in hex or in base64; inside the service network it has all',
  check: (plant) =>
    fc.property(anySink, someSays, (sink, says) => {
      const world = messageWorld(sink);
      plant(world);
      for (const one of says) say(world, one);
      const asked = bytesOf('what time is it?');
      const { address } = machineOf(world, 'acme/bastion-226');
      machineOf(world, 'hsm-1').stack.sendUdp(
        { target: address, targetPort: port(123), bytes: asked },
        world.engine.now,
      );
      world.engine.run();
      const outside = packetsOutside(world);
      demand(recordsOutside(world).length > 0, () => 'nothing is reported');
      const inside = ['acme/bastion-226', 'globex/bastion-226'].flatMap((id) => packetsAt(world, id));
      for (const text of [...texts(says), 'what time is it?']) {
        demand(
          inside.some((packet) => givesAway(packet, text)),
          () => `“${text}” is not looked for well`,
        );
        for (const packet of outside)
          demand(!givesAway(packet, text), () => `“${text}” is in ${describePacket(packet)}`);
      }
      demand(!outside.some((packet) => givesAway(packet, 'it is ')), () => 'the time is told in plain text');
    }),
};

export const onlyWhatWasSaidIsKept: Law = {
  name: '[Q-33] [B-02] [B-04] each service keeps each message once, as it was said, and nothing that somebody on the Internet made of it; what it does not open has a reason',
  check: (plant) =>
    fc.property(
      anySink,
      anySay,
      fc.array(fc.oneof(anySay, anyAttack), { minLength: 1, maxLength: 8 }),
      (sink, first, acts) => {
        const world = messageWorld(sink);
        plant(world);
        say(world, first);
        const said = [first.text];
        let attacks = 0;
        for (const act of acts) {
          if (act.kind === 'say') {
            say(world, act);
            said.push(act.text);
          } else if (attack(world, act)) attacks += 1;
        }
        for (const id of ['sink', 'management']) {
          const kept = keptBy(world, id);
          demand(kept.join() === said.join(), () => `${id} keeps ${kept.join()} of ${said.join()}`);
        }
        const unopened = [...world.machines.values()].flatMap((machine) => machine.unopened);
        demand(unopened.length === attacks, () => `${attacks} attacks, and ${unopened.length} reasons`);
      },
    ),
};

/** Who asks the queue for a message, and how. */
type Ask = { readonly by: 'reader-1' | 'reader-2' | 'forger' | 'repeater'; readonly text: 'TAKE' | 'DONE 1' };

const anyAsk: fc.Arbitrary<Ask> = fc.record({
  by: fc.constantFrom('reader-1', 'reader-2', 'forger', 'repeater'),
  text: fc.constantFrom('TAKE', 'DONE 1'),
});

export const readersAreKnownByTheirKeys: Law = {
  name: '[Q-33] [B-09] a queue does what its readers ask it once, and nothing that others ask it under their addresses or in their words',
  check: (plant) =>
    fc.property(someSays, fc.array(anyAsk, { minLength: 1, maxLength: 6 }), (says, asks) => {
      const world = messageWorld('queue');
      plant(world);
      for (const one of says) say(world, one);
      const queue = machineOf(world, 'sink').queue;
      const state = () => JSON.stringify(queue?.messages);
      const target = machineOf(world, 'sink').address;
      for (const { by, text } of asks) {
        const before = state();
        const ports = { sourcePort: port(50_000), targetPort: port(SEALED.queue) };
        if (by === 'forger') forge(world, '203.0.113.10', '192.31.195.230', ports, bytesOf(text));
        else if (by === 'repeater') repeatQuestions(world);
        else
          machineOf(world, by).stack.sendUdp(
            { target, targetPort: ports.targetPort, bytes: bytesOf(text) },
            world.engine.now,
          );
        world.engine.run();
        const honest = by === 'reader-1' || by === 'reader-2';
        demand(honest || state() === before, () => `${by} had ${text} done`);
        const left = queue?.messages.some(({ taken, done }) => !done && taken === null) ?? false;
        const free = JSON.parse(before).some(
          (one: { done: boolean; taken: unknown }) => !one.done && one.taken === null,
        );
        if (honest && text === 'TAKE' && free)
          demand(state() !== before || !left, () => `${by} is not served`);
      }
    }),
};

/** Eve sends again whatever readers have asked. */
function repeatQuestions(world: World): void {
  for (const { source, target, body } of recordsOutside(world)) {
    if (body.kind !== 'udp' || body.target !== SEALED.queue || isVxlan(body.body)) continue;
    const ports = { sourcePort: body.source, targetPort: body.target };
    forge(world, formatIp(source), formatIp(target), ports, body.body);
  }
}

export const othersAreNotVouchedFor: Law = {
  name: '[Q-33] [B-07] a sign of life counts where it is sealed by the one that it is about, or by the bastion that this one reports to',
  check: (plant) =>
    fc.property(fc.integer({ min: 15, max: 45 }), (since) => {
      const world = messageWorld('storage', true);
      plant(world);
      pass(world, nanos(since * 1e9));
      // hsm-1 says nothing any more, and the other customer's bastion says it for it
      const silent = machineOf(world, 'hsm-1');
      Object.assign(silent.stack, { sendUdp: () => ({ ok: false, fault: 'too-long' }) });
      const { stack } = machineOf(world, 'globex/bastion-226');
      const target = machineOf(world, 'management').address;
      const syslog = port(SEALED.syslog);
      for (let second = since; second < since + 70; second += 5) {
        const bytes = bytesOf(signOfLife('hsm-1'));
        stack.sendUdp({ target, targetPort: syslog, sourcePort: syslog, bytes }, world.engine.now);
        forge(world, '198.51.100.226', '192.31.195.232', { sourcePort: syslog, targetPort: syslog }, bytes);
        pass(world, nanos((second + 5) * 1e9));
      }
      const noticed = world.watch?.notices.map(({ about, what }) => `${about} ${what}`).join() ?? '';
      demand(noticed === 'hsm-1 silent', () => `noticed: ${noticed}`);
    }),
};

export const theTimeIsManagements: Law = {
  name: '[Q-33] [B-06] the time that an HSM is told is the one that management told, whatever else is sent to the bastion under its address',
  check: (plant) =>
    fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 4 }), (micros, asks) => {
      const world = messageWorld('storage');
      plant(world);
      for (let ask = 0; ask < asks; ask += 1) {
        const { address } = machineOf(world, 'acme/bastion-226');
        const hsm = machineOf(world, 'hsm-1');
        const before = hsm.events.length;
        const sent = hsm.stack.sendUdp({ target: address, targetPort: port(123) }, world.engine.now);
        demand(sent.ok, () => 'the HSM asks');
        passMicroseconds(world, micros);
        for (const sourcePort of [SEALED.time, 123]) {
          const ports = { sourcePort: port(sourcePort), targetPort: port(49_152 + ask) };
          forge(world, '192.31.195.232', '198.51.100.226', ports, bytesOf('it is high time'));
        }
        world.engine.run();
        const told = hsm.events
          .slice(before)
          .flatMap((event) => (event.kind === 'datagram' ? [new TextDecoder().decode(event.bytes)] : []));
        demand(told.length === 1 && told[0] !== 'it is high time', () => `told ${told.join()}`);
      }
    }),
};

export const LAWS: readonly Law[] = [
  nobodyOutsideReads,
  onlyWhatWasSaidIsKept,
  readersAreKnownByTheirKeys,
  othersAreNotVouchedFor,
  theTimeIsManagements,
];
