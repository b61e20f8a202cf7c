import { ipv4 } from '../address/index.ts';
import { isIp } from '../packet/index.ts';
import { parseFrame } from './frame-text.ts';
import { sure } from './reading.ts';
import type { DeviceReference, Stimulus } from './scenario.ts';

/** What goes on a machine's link as it is: everything about it stands in the frame. */
export function framedStimulus(from: DeviceReference, text: string): Omit<Stimulus, 'where' | 'source'> {
  const frame = sure(parseFrame(text));
  const address = isIp(frame.body) ? frame.body.target : ipv4(0);
  return { from, to: { address, named: null }, carry: { kind: 'frame', frame }, ...NOTHING_ELSE };
}

const NOTHING_ELSE = {
  balance: null,
  ttl: null,
  forgedSource: null,
  payload: null,
  timeout: null,
  size: null,
  dontFragment: null,
  fragments: null,
  keepsOpen: false,
  talk: null,
} as const;
