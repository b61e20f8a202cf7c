import { bytesOf, joinBytes, textOf } from '../cryptography/bytes.ts';
import type { Deed } from '../device/deed.ts';
import type { ModuleState } from '../device/state.ts';
import type { Paired } from '../rped/door.ts';

/* Ports at which a line is said and a line is answered: the console, and that of PIN entry devices. */

/** The longest line, in bytes: a backup of a full partition fits. */
export const LONGEST_CONSOLE_LINE: number = 1 << 20;

/** What was made of some input. */
export interface Lines {
  readonly module: ModuleState;
  readonly answer: Uint8Array;
  /** what is no whole line yet */
  readonly rest: Uint8Array;
  readonly paired: Paired;
  readonly over: boolean;
  readonly deeds: readonly Deed[];
}

/** What a line comes to; `text: null` is silence. */
export type Answering = (
  module: ModuleState,
  line: string,
  paired: Paired,
) => {
  readonly module: ModuleState;
  readonly text: string | null;
  readonly paired: Paired;
  readonly over: boolean;
  readonly deed: Deed | null;
};

export function hearLines(module: ModuleState, before: Paired, input: Uint8Array, answer: Answering): Lines {
  const answers: Uint8Array[] = [];
  const deeds: Deed[] = [];
  let state = module;
  let paired = before;
  let ended = false;
  let start = 0;
  for (let end = input.indexOf(LINE_FEED); end >= 0 && !ended; end = input.indexOf(LINE_FEED, start)) {
    const answered = answer(state, textOf(input.slice(start, end)), paired);
    state = answered.module;
    paired = answered.paired;
    ended = answered.over;
    if (answered.deed !== null) deeds.push(answered.deed);
    if (answered.text !== null) answers.push(bytesOf(`${answered.text}\n`));
    start = end + 1;
  }
  const rest = input.slice(start);
  const tooLong = rest.length > LONGEST_CONSOLE_LINE;
  if (tooLong) answers.push(bytesOf(`BAD_VALUE a line has at most ${LONGEST_CONSOLE_LINE} bytes\n`));
  const over = tooLong || ended;
  return { module: state, answer: joinBytes(...answers), rest: over ? NOTHING : rest, paired, over, deeds };
}

const LINE_FEED = 10;
const NOTHING: Uint8Array = new Uint8Array(0);
