import { later, type Nanos, seconds } from '../base/index.ts';
import type { UdpResponder } from '../host/index.ts';
import type { MessageSort } from '../model/index.ts';

/** How long a reader may take over a message before another one gets it. */
export const HIDDEN: Nanos = seconds(30);

/** One message in a queue. */
export interface Queued {
  /** 1 for the first that came */
  readonly number: number;
  readonly sort: MessageSort;
  /** the bastion that sent it */
  readonly source: string;
  readonly text: string;
  /** who has it now, and until when; `null`: nobody */
  taken: { readonly by: string; readonly until: Nanos } | null;
  done: boolean;
}

/** The queue service at work, in place of data storage (B-09). */
export interface MessageQueue {
  readonly messages: readonly Queued[];
  put(sort: MessageSort, source: string, text: string): void;
  /** What it answers to `TAKE` and to `DONE 3`. */
  readonly answer: UdpResponder;
}

/**
 * Keeps every message until a reader is done with it. `TAKE` is answered with the number and the text of the oldest message that
 * nobody has; `DONE` and the number takes it out. A message that was taken and is not done in time is given out again: each is
 * read at least once, and twice where its reader fails in between. Who asks is known by the
 * key that the question was sealed with; whoever is not one of `readers`, a bastion that only writes, say, is denied.
 */
export function messageQueue(readers: ReadonlySet<string>): MessageQueue {
  const messages: Queued[] = [];
  const isFree = ({ taken, done }: Queued, now: Nanos): boolean =>
    !done && (taken === null || taken.until <= now);
  const take = (by: string, now: Nanos): string => {
    const next = messages.find((message) => isFree(message, now));
    if (next === undefined) return 'EMPTY';
    next.taken = { by, until: later(now, HIDDEN) };
    return `${next.number} ${next.text}`;
  };
  const finish = (number: number, by: string, now: Nanos): string => {
    const message = messages[number - 1];
    if (message === undefined || message.done || isFree(message, now) || message.taken?.by !== by)
      return 'NOT YOURS';
    message.done = true;
    return 'OK';
  };
  return {
    messages,
    put(sort, source, text) {
      messages.push({ number: messages.length + 1, sort, source, text, taken: null, done: false });
    },
    answer(bytes, _source, _port, now, peer) {
      const asked = new TextDecoder().decode(bytes).trim();
      const done = /^DONE ([1-9]\d{0,8})$/.exec(asked)?.[1];
      return new TextEncoder().encode(said());

      function said(): string {
        if (peer === null || !readers.has(peer)) return 'DENIED';
        if (done !== undefined) return finish(Number(done), peer, now);
        return asked === 'TAKE' ? take(peer, now) : 'TAKE, or DONE and a number';
      }
    },
  };
}
