import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, ipv4, port } from '../../src/address/index.ts';
import { nanos } from '../../src/base/index.ts';
import { loadScenario } from '../../src/scenario/index.ts';
import { HIDDEN, type MessageQueue, messageQueue, type Queued } from '../../src/scenario/message-queue.ts';
import { tablesOf } from '../../src/scenario/tables.ts';
import { built } from '../support/built.ts';

const READERS = ['reader-1', 'reader-2'];
const WRITER = 'bastion-226';
const ANYWHERE = ipv4(0xc0000242);

type Act =
  | { readonly kind: 'put' }
  | { readonly kind: 'take'; readonly by: number }
  | { readonly kind: 'done'; readonly by: number; readonly number: number }
  | { readonly kind: 'wait'; readonly tenths: number };

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Act>({ kind: 'put' }) },
  { weight: 4, arbitrary: fc.nat(1).map((by): Act => ({ kind: 'take', by })) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('done' as const),
      by: fc.nat(1),
      number: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom(3, 9, 10).map((tenths): Act => ({ kind: 'wait', tenths })) },
);

/** A queue of which somebody asks, at a time. */
function asking(make: typeof messageQueue = messageQueue) {
  const queue = make(new Set(READERS));
  const ask = (by: string | null, text: string, now: number): string => {
    const answer = queue.answer(new TextEncoder().encode(text), ANYWHERE, port(1024), nanos(now), by);
    return new TextDecoder().decode(answer ?? new Uint8Array(0));
  };
  return { queue, ask };
}

/** What a queue should know of a message, written down the plain way. */
interface Known {
  readonly number: number;
  holder: number | null;
  until: number;
  done: boolean;
}

/** What it should answer, and know afterwards. */
function expected(known: readonly Known[], act: Exclude<Act, { kind: 'put' | 'wait' }>, now: number): string {
  if (act.kind === 'take') {
    const next = known.find(({ done, holder, until }) => !done && (holder === null || until <= now));
    if (next === undefined) return 'EMPTY';
    Object.assign(next, { holder: act.by, until: now + HIDDEN });
    return `${next.number} message ${next.number}`;
  }
  const mine = known.find(
    ({ number, holder, until, done }) => number === act.number && holder === act.by && until > now && !done,
  );
  if (mine === undefined) return 'NOT YOURS';
  mine.done = true;
  return 'OK';
}

/** What a queue answers, and what it should have answered, as long as both are the same; then what is left in it. */
function wrongWith(make: typeof messageQueue, acts: readonly Act[]): string | null {
  const { queue, ask } = asking(make);
  const known: Known[] = [];
  let now = 0;
  for (const act of acts) {
    if (act.kind === 'wait') now += (act.tenths * HIDDEN) / 10;
    else if (act.kind === 'put') {
      known.push({ number: known.length + 1, holder: null, until: 0, done: false });
      queue.put('syslog', WRITER, `message ${known.length}`);
    } else {
      const text = act.kind === 'take' ? 'TAKE' : `DONE ${act.number}`;
      const [got, wanted] = [ask(READERS[act.by] ?? null, text, now), expected(known, act, now)];
      if (got !== wanted) return `${text} is answered with ${got}, not with ${wanted}`;
    }
  }
  const left = (all: readonly { readonly done: boolean }[]) => all.map(({ done }) => done).join();
  return left(queue.messages) === left(known) ? null : `left: ${left(queue.messages)}, not ${left(known)}`;
}

const anyActs = fc.array(anyAct, { maxLength: 40 });

/** Changes a queue after it has answered. */
function afterwards(
  change: (queue: MessageQueue, before: string, by: string | null) => void,
): typeof messageQueue {
  return (readers) => {
    const queue = messageQueue(readers);
    const answer: MessageQueue['answer'] = (bytes, source, sourcePort, now, by) => {
      const before = JSON.stringify(queue.messages);
      const said = queue.answer(bytes, source, sourcePort, now, by);
      change(queue, before, by);
      return said;
    };
    return { ...queue, answer };
  };
}

/** What somebody could have got wrong in a queue. */
const FAULTS: Readonly<Record<string, typeof messageQueue>> = {
  'a message is forgotten as soon as it is taken': afterwards(({ messages }) => {
    for (const message of messages) if (message.taken !== null) message.done = true;
  }),
  'a message is given to the next although somebody has it': afterwards(({ messages }) => {
    for (const message of messages) message.taken = null;
  }),
  'a message that nobody finishes is never given out again': afterwards(({ messages }) => {
    for (const message of messages)
      if (message.taken !== null) message.taken = { ...message.taken, until: nanos(Number.MAX_SAFE_INTEGER) };
  }),
  'whoever likes is done with a message': (readers) => {
    const queue = messageQueue(readers);
    const answer: MessageQueue['answer'] = (bytes, source, sourcePort, now, by) => {
      const done = /^DONE (\d+)$/.exec(new TextDecoder().decode(bytes))?.[1];
      const message = queue.messages[Number(done) - 1];
      const holder = message?.taken?.by ?? by;
      return queue.answer(bytes, source, sourcePort, now, done === undefined ? by : holder);
    };
    return { ...queue, answer };
  },
  'the newest message is given out first': (readers) => {
    const queue = messageQueue(readers);
    return {
      ...queue,
      put: (sort, source, text) => {
        queue.put(sort, source, text);
        (queue.messages as Queued[]).sort((one, other) => other.number - one.number);
      },
    };
  },
};

describe('a queue of messages', () => {
  it('[B-09] gives each message to one reader at a time, the oldest first, until somebody is done with it', () => {
    fc.assert(
      fc.property(anyActs, (acts) => {
        expect(wrongWith(messageQueue, acts)).toBeNull();
      }),
    );
  });

  it.each(Object.entries(FAULTS))('[B-09] and a fault in that is noticed: %s', (_name, make) => {
    const { failed } = fc.check(
      fc.property(anyActs, (acts) => wrongWith(make, acts) === null),
      { numRuns: 500, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });

  it('[B-09] talks to nobody but the service team, and says what it understands', () => {
    const { queue, ask } = asking();
    queue.put('traps', WRITER, 'fan');
    for (const other of [WRITER, null]) expect(ask(other, 'TAKE', 0)).toBe('DENIED');
    expect(ask(READERS[0] ?? null, 'GIVE', 0)).toBe('TAKE, or DONE and a number');
    expect(ask(READERS[0] ?? null, 'DONE 0', 0)).toBe('TAKE, or DONE and a number');
    expect(ask(READERS[0] ?? null, ' TAKE\n', 0)).toBe('1 fan');
  });
});

describe('a service network with a queue', () => {
  it('[B-09] [B-02] sends it every message that it sends to management, and data storage is not there', () => {
    const world = built('message-queue', (text) =>
      text.slice(0, text.indexOf('  - name: a reader takes')).replace(/expect:\n(?: {6,}.*\n)+/g, ''),
    );
    for (const text of ['one', 'two']) {
      const bytes = new TextEncoder().encode(text);
      const [target, targetPort] = [world.model.bastions['acme/bastion-226'], port(514)];
      const bastion = world.machines.get(target?.id ?? '')?.address ?? ANYWHERE;
      world.machines.get('hsm-326')?.stack.sendUdp({ target: bastion, targetPort, bytes }, world.engine.now);
      world.engine.run();
    }
    const kept = tablesOf(world, 'messages')[0]?.rows ?? [];
    const inLine = tablesOf(world, 'queue')[0]?.rows ?? [];
    expect(kept.map(([by, , from, text]) => [by, from, text])).toEqual(
      inLine.map(([, , from, text]) => ['management-232', from, text]),
    );
    expect(inLine.map(([number, , , text, state]) => [number, text, state])).toEqual([
      ['1', 'one', 'waits'],
      ['2', 'two', 'waits'],
    ]);
    expect(formatIp(world.machines.get('queue-service')?.address ?? ANYWHERE)).toBe('192.31.195.234');
  });

  it('[B-09] has either a queue or data storage', () => {
    const said = (sink: string) => {
      const text = `title: t
provider: { zones: [z], service: { crp: 203.0.113.0/24, public: 198.51.100.224/28, ${sink} management: m } }
internet: { hosts: { m: { address: 192.31.195.232 }, q: { address: 192.31.195.233 } } }
`;
      return loadScenario(text, 'sinks.yaml').diagnostics.map(({ code, message }) => `${code}: ${message}`);
    };
    expect(said('queue: q,')).toEqual([]);
    expect(said('storage: q,')).toEqual([]);
    expect(said('')).toEqual(['scenario/wrong-value: messages go to one place, and here is none']);
    expect(said('storage: m, queue: q,')).toEqual([
      'scenario/wrong-value: messages go to one place, and here are "storage" and "queue"',
    ]);
    expect(said('queue: nobody,')).toEqual([
      'scenario/unknown-name: no host on the Internet is called "nobody"',
    ]);
  });
});
