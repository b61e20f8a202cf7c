import {
  type Caller,
  isOpen,
  isPaired,
  OPERATOR_LINE,
  pairingLine,
  presentingLine,
  readLine,
  sayLine,
} from '../hsm/index.ts';
import { makerSecret } from './machines.ts';
import type { Speech, Turn } from './speech.ts';
import type { World } from './world.ts';

/**
 * A PIN entry device at work (RPED 214): it finds out first whether it and the module were built for each other. A module of another
 * model hears no PIN, nor does somebody who stands between.
 */
export function asDevice(
  world: World,
  sender: string,
  lines: string[],
  answered: (line: string, answer: string) => void,
): Speech {
  const { model } = world.model.siteMachines[sender] ?? {};
  const secret = makerSecret(model ?? '', world.scenario.seed);
  let isPairing = false;
  let wasPaired = false;
  let asked: string | null = null;

  const hear = (caller: Caller): Turn | null => {
    const read = readLine(caller);
    if (read === null) return null;
    if (asked !== null) answered(asked, read.line);
    else if (isPaired(caller, secret, sender, read.line)) wasPaired = true;
    else {
      const refusal = read.line.startsWith('PAIRED') ? STRANGE_MODULE : read.line;
      for (const line of lines.splice(0)) answered(line, refusal);
    }
    isPairing = false;
    asked = null;
    return { caller: read.caller, send: NOTHING };
  };

  const say = (caller: Caller): Turn => {
    if (!wasPaired) {
      isPairing = true;
      return sayLine(caller, pairingLine(caller, secret, sender) ?? '');
    }
    const line = lines.shift() ?? '';
    const said = presentingLine(line);
    if (said === null) {
      answered(line, `BAD_VALUE write: ${OPERATOR_LINE}`);
      return { caller, send: NOTHING };
    }
    asked = line;
    return sayLine(caller, said);
  };

  return {
    next: (caller) => {
      if (isPairing || asked !== null) return hear(caller);
      return isOpen(caller) && lines.length > 0 ? say(caller) : null;
    },
  };
}

const STRANGE_MODULE =
  'NOT_AUTHENTICATED the module has not shown that it is of the model that this device is for';
const NOTHING: Uint8Array = new Uint8Array(0);
