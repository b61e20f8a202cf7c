import { type Application, NOTHING, type Reaction } from './application.ts';
import { bytesOfText, textOfBytes } from './byte-text.ts';
import { cutLines, LONGEST_LINE } from './line.ts';
import { readRecord } from './zones/record.ts';

/** Records by name, and unfinished lines by stream. Plain data. */
export interface KeyStoreState {
  readonly records: Readonly<Record<string, string>>;
  readonly partial: Readonly<Record<number, string>>;
}

/**
 * An external keystore (U-14): a machine that keeps protected records for whoever asks, without limit and without a key. Nothing in it is
 * secret, and nothing that it does is trusted: it may lose records, or give back old ones.
 *
 * | the client says   | the store answers |
 * | ----------------- | ----------------- |
 * | `PUT NAME RECORD` | `OK`, or `BAD_VALUE` where it is no record: nothing else is ever kept |
 * | `GET NAME`        | `OK {"record":…}` or `NO_SUCH` |
 * | `DELETE NAME`     | `OK` or `NO_SUCH` |
 * | `LIST`            | `OK {"names":[…]}` |
 */
export const keyStore: Application<KeyStoreState> = {
  name: 'key store',
  initial: () => ({ records: {}, partial: {} }),
  step: (state, event): Reaction<KeyStoreState> => {
    switch (event.kind) {
      case 'opened':
        return { state, send: NOTHING, close: false };
      case 'closed':
        return { state: withPartial(state, event.stream, ''), send: NOTHING, close: true };
      case 'received': {
        const cut = cutLines(state.partial[event.stream] ?? '', textOfBytes(event.bytes));
        let next = withPartial(state, event.stream, cut.partial);
        const answers = cut.lines.map((line) => {
          const answered = answer(next, line);
          next = answered.state;
          return `${answered.text}\n`;
        });
        if (cut.tooLong) answers.push(`BAD_VALUE a line has at most ${LONGEST_LINE} bytes\n`);
        return { state: next, send: bytesOfText(answers.join('')), close: cut.tooLong };
      }
    }
  },
};

function answer(
  state: KeyStoreState,
  line: string,
): { readonly state: KeyStoreState; readonly text: string } {
  const [verb = '', name = '', ...rest] = line.split(' ');
  const { records } = state;
  const kept = Object.hasOwn(records, name) ? records[name] : undefined;
  switch (verb.toUpperCase()) {
    case 'PUT': {
      const record = rest.join(' ');
      if (name === '' || readRecord(bytesOfText(record)) === null)
        return { state, text: 'BAD_VALUE only protected records are kept' };
      return { state: { ...state, records: { ...records, [name]: record } }, text: 'OK' };
    }
    case 'GET':
      return { state, text: kept === undefined ? 'NO_SUCH' : `OK {"record":${kept}}` };
    case 'DELETE': {
      if (kept === undefined) return { state, text: 'NO_SUCH' };
      const { [name]: _, ...others } = records;
      return { state: { ...state, records: others }, text: 'OK' };
    }
    case 'LIST':
      return { state, text: `OK ${JSON.stringify({ names: Object.keys(records).sort() })}` };
    default:
      return { state, text: 'BAD_VALUE say PUT NAME RECORD, GET NAME, DELETE NAME or LIST' };
  }
}

function withPartial(state: KeyStoreState, stream: number, partial: string): KeyStoreState {
  if ((state.partial[stream] ?? '') === partial) return state;
  const { [stream]: _, ...others } = state.partial;
  return { ...state, partial: partial === '' ? others : { ...others, [stream]: partial } };
}
