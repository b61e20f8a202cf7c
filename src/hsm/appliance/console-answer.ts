import type { Context } from '../application.ts';
import { CODES } from '../codes/code.ts';
import type { Deed } from '../device/deed.ts';
import { dispatch } from '../device/dispatch.ts';
import type { ModuleState } from '../device/state.ts';
import { readConsoleLine } from './console-line.ts';

/** One line of the console and its answer: `OK`, with what the command gives in JSON, or a code and why. */
export function answerLine(
  module: ModuleState,
  channel: number,
  line: string,
  { random, now }: Context,
): { readonly module: ModuleState; readonly text: string | null; readonly deed: Deed | null } {
  const read = readConsoleLine(line);
  if (!read.ok) return { module, text: `BAD_VALUE ${read.fault}`, deed: null };
  const { state, result, deed } = dispatch(module, { kind: 'console', channel }, read.value, random, now);
  switch (result.kind) {
    case 'silent':
      return { module: state, text: null, deed };
    case 'refused':
      return {
        module: state,
        text: `${result.code} ${result.why === '' ? CODES[result.code].meaning : result.why}`,
        deed,
      };
    case 'done': {
      const given = JSON.stringify(result.value);
      return { module: state, text: given === '{}' ? 'OK' : `OK ${given}`, deed };
    }
  }
}
