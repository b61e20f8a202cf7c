import { type Result, success } from '../base/index.ts';
import { decodeFrame, encodeFrame, type Frame, isIp } from '../packet/index.ts';
import { type Misreading, misread } from './misreading.ts';
import { quoted } from './wording.ts';

/** A frame as it is on the wire, in hexadecimal digits, without the check sequence of Ethernet. */
export function parseFrame(text: string): Result<Frame, Misreading> {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) {
    return misread(
      'scenario/bad-frame',
      `${quoted(text)} is not a frame`,
      'two digits 0-9, a-f for each byte, from the target’s link address on',
    );
  }
  const decoded = decodeFrame(
    Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16)),
  );
  if (!decoded.ok) {
    return misread('scenario/bad-frame', decoded.fault.message);
  }
  if (isIp(decoded.value.body)) return success(decoded.value);
  return misread('scenario/bad-frame', 'there is no IP packet in the frame', 'a step sends packets');
}

/** As {@link parseFrame} reads it. */
export function formatFrame(frame: Frame): string {
  return [...encodeFrame(frame)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
