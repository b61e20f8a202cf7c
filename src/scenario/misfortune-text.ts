import { type Result, success } from '../base/index.ts';
import { WHOLE } from '../model/index.ts';
import { type Misreading, misread } from './misreading.ts';
import { parseReference } from './reference-text.ts';
import { quoted } from './wording.ts';

const SHARE = /^(\d{1,3})(?:\.(\d{1,4}))? ?%$/;

/** `10%`, `0.5 %`: in millionths, from more than nothing to all. */
export function parseShare(text: string): Result<number, Misreading> {
  const [, whole, fraction = ''] = SHARE.exec(text) ?? [];
  if (whole === undefined) {
    const help = 'write a number and a percent sign, such as "10%" or "0.5%"';
    return misread('scenario/bad-share', `${quoted(text)} is not a share`, help);
  }
  const share = Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'));
  if (share > 0 && share <= WHOLE) return success(share);
  const help = 'from 0.0001% to 100%; what does not happen is left out';
  return misread('scenario/bad-share', `${quoted(text)} is no share of anything`, help);
}

/** Into or out of the device or zone itself, or of a named end of a link. */
export interface DirectionText {
  readonly kind: 'into' | 'out-of';
  /** `null`: the device or zone itself */
  readonly end: string | null;
}

/** `in`, `out`, `to hsm-326`, `from hsm-326`. */
export function parseDirection(text: string): Result<DirectionText, Misreading> {
  if (text === 'in') return success({ kind: 'into', end: null });
  if (text === 'out') return success({ kind: 'out-of', end: null });
  const [, word, name = ''] = /^(to|from) (.+)$/.exec(text) ?? [];
  if (word === undefined) {
    const help = 'of a device or zone: "in" or "out"; of a link: "to hsm-326" or "from hsm-326"';
    return misread('scenario/bad-direction', `${quoted(text)} is not a direction`, help);
  }
  const end = parseReference(name);
  return end.ok ? success({ kind: word === 'to' ? 'into' : 'out-of', end: end.value }) : end;
}
