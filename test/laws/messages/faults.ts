import { port } from '../../../src/address/index.ts';
import { NEW_ASSOCIATION } from '../../../src/dataplane/index.ts';
import type { Peer } from '../../../src/host/index.ts';
import { isVxlan, recordMarkOf, SealingKey } from '../../../src/packet/index.ts';
import type { World } from '../../../src/scenario/index.ts';
import { SECRET_PORTS } from '../../../src/scenario/keyring.ts';
import type { RunningMachine } from '../../../src/scenario/machines.ts';
import { whoseSign } from '../../../src/scenario/sign-of-life.ts';
import {
  type Law,
  nobodyOutsideReads,
  onlyWhatWasSaidIsKept,
  othersAreNotVouchedFor,
  readersAreKnownByTheirKeys,
  theTimeIsManagements,
} from './laws.ts';
import { machineOf, type Plant, SEALED } from './story.ts';

/** Something that somebody could have got wrong about messages, and the laws that must not let it pass. */
export interface Fault {
  readonly name: string;
  readonly plant: Plant;
  readonly caughtBy: readonly Law[];
}

const SERVICES = ['sink', 'management'] as const;

/** Gives everybody other keys, or other ports. */
function rekeyed(change: (peer: Peer) => Peer, ports: ReadonlySet<number> = SECRET_PORTS): Plant {
  return (world) => {
    for (const { stack, peers } of world.machines.values())
      stack.secure(ports, [...peers.values()].map(change));
  };
}

/** Changes how a machine hears. */
function hearing(
  world: World,
  id: string,
  change: (machine: RunningMachine, ...heard: Parameters<RunningMachine['stack']['receive']>) => void,
): void {
  const machine = machineOf(world, id);
  const receive = machine.stack.receive.bind(machine.stack);
  Object.assign(machine.stack, {
    receive: (...heard: Parameters<typeof receive>) => {
      change(machine, ...heard);
      return receive(...heard);
    },
  });
}

/** A cipher that hides nothing, and believes everything. */
const PLAIN = new SealingKey(() => ({
  encrypt: (plaintext) => Uint8Array.of(...plaintext, ...new Uint8Array(16)),
  decrypt: (sealed) => sealed.slice(0, -16),
}));

/** Hides as its key does, and takes what does not fit for what it would be without its check value. */
function credulous(key: SealingKey): SealingKey {
  return new SealingKey((iv, associated) => ({
    encrypt: (plaintext) => key.seal(iv, associated, plaintext),
    decrypt: (sealed) => key.open(iv, associated, sealed) ?? sealed.slice(0, -16),
  }));
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'records hide nothing',
    plant: rekeyed((peer) => ({ ...peer, seal: PLAIN, open: PLAIN })),
    caughtBy: [nobodyOutsideReads, onlyWhatWasSaidIsKept],
  },
  {
    name: 'the bastion seals syslog and nothing else',
    plant: rekeyed((peer) => peer, new Set([SEALED.syslog])),
    caughtBy: [nobodyOutsideReads],
  },
  {
    name: 'nobody looks at the check value',
    plant: rekeyed((peer) => ({ ...peer, open: credulous(peer.open) })),
    caughtBy: [onlyWhatWasSaidIsKept],
  },
  {
    name: 'a service forgets which records it has heard',
    plant: (world) => {
      for (const id of SERVICES) {
        hearing(world, id, ({ stack }) => {
          const saved = stack.save();
          const used = saved.used.map((one) => ({ ...one, window: NEW_ASSOCIATION.window }));
          stack.restore({ ...saved, used });
        });
      }
    },
    caughtBy: [onlyWhatWasSaidIsKept, readersAreKnownByTheirKeys],
  },
  {
    name: 'a number counts as heard although the record did not open',
    plant: (world) => {
      for (const id of SERVICES) {
        hearing(world, id, ({ stack, peers }, packet) => {
          const mark = recordMarkOf(packet);
          if (mark === null) return;
          const saved = stack.save();
          const peer = [...peers.values()].find(({ number }) => number === mark.number)?.name;
          const used = saved.used.map((one) => {
            const { highest } = one.window;
            const moves = one.peer === peer && mark.sequence > highest;
            return moves ? { ...one, window: { highest: mark.sequence - 1, near: 0, far: 0 } } : one;
          });
          stack.restore({ ...saved, used });
        });
      }
    },
    caughtBy: [onlyWhatWasSaidIsKept],
  },
  {
    name: 'storage has the keys of management, too',
    plant: (world) => {
      const [sink, management] = SERVICES.map((id) => machineOf(world, id));
      const all = [sink, management].flatMap((machine) => [...(machine?.peers.values() ?? [])]);
      sink?.stack.secure(
        SECRET_PORTS,
        all.map((peer) => ({ ...peer, name: `${peer.name} ${peer.number}` })),
      );
    },
    caughtBy: [onlyWhatWasSaidIsKept],
  },
  {
    name: 'what is no record passes for a message',
    plant: (world) => {
      for (const id of SERVICES) {
        hearing(world, id, ({ events, queue }, { source, target, body }) => {
          if (body.kind !== 'udp' || isVxlan(body.body) || body.body[0] === 23) return;
          const heard = {
            source,
            target,
            sourcePort: body.source,
            targetPort: body.target,
            bytes: body.body,
          };
          if (queue === null) events.push({ kind: 'datagram', ...heard });
          else queue.put('syslog', 'somebody', new TextDecoder().decode(body.body));
        });
      }
    },
    caughtBy: [onlyWhatWasSaidIsKept],
  },
  {
    name: 'a queue knows its readers by their addresses',
    plant: (world) => {
      const { stack, queue } = machineOf(world, 'sink');
      const readers = ['reader-1', 'reader-2'];
      for (const { id, stack: of, peers } of world.machines.values()) {
        if (id === 'sink' || readers.includes(id))
          of.secure(new Set([SEALED.syslog, SEALED.traps]), [...peers.values()]);
      }
      stack.bindUdp(port(SEALED.queue), (bytes, source, sourcePort, now) => {
        const known = readers.find((id) => machineOf(world, id).address === source) ?? null;
        return queue?.answer(bytes, source, sourcePort, now, known) ?? null;
      });
    },
    caughtBy: [readersAreKnownByTheirKeys],
  },
  {
    name: 'management believes a sign of life, whoever seals it',
    plant: (world) => {
      machineOf(world, 'management').hearers.add((event) => {
        const id = event.kind === 'datagram' ? whoseSign(new TextDecoder().decode(event.bytes)) : null;
        if (id !== null) world.watch?.heardAt.set(id, world.engine.now);
      });
    },
    caughtBy: [othersAreNotVouchedFor],
  },
  {
    name: 'the time is asked and told in plain text',
    plant: rekeyed((peer) => peer, new Set([SEALED.syslog, SEALED.traps])),
    caughtBy: [theTimeIsManagements, nobodyOutsideReads],
  },
];
