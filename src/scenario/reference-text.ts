import { type Cidr, type Ip, parseCidr, parseIp, single } from '../address/index.ts';
import { type Result, success } from '../base/index.ts';
import { LARGEST_PACKET, type Stretch } from '../packet/index.ts';
import { fromAddress, type Misreading, misread } from './misreading.ts';
import { quoted } from './wording.ts';

/** What every name looks like; two hyphens in a row are kept for links. */
export const NAME: RegExp = /^[a-z](?:-?[a-z0-9])*-?$/;
export const LONGEST_NAME = 63;

export function isName(text: string): boolean {
  return text.length <= LONGEST_NAME && NAME.test(text);
}

/** A new name. */
export function parseName(text: string): Result<string, Misreading> {
  return isName(text)
    ? success(text)
    : misread('scenario/bad-name', `${quoted(text)} is not a name`, nameHelp(text));
}

/** A name, or a customer and a name: `app-310`, `acme/app-310`. */
export function parseReference(text: string): Result<string, Misreading> {
  const parts = text.split('/');
  if (parts.length <= 2 && parts.every(isName)) return success(text);
  return misread('scenario/bad-name', `${quoted(text)} is not a name`, nameHelp(text));
}

/** The name that was probably meant by what is none: `WWW`, `web_1`; `null` where none is near. */
export function nameMeant(text: string): string | null {
  const meant = text
    .toLowerCase()
    .replace(/[^a-z0-9/]+/g, '-')
    .replace(/^[-0-9]+/, '');
  return meant !== text && isName(meant) ? meant : null;
}

function nameHelp(text: string): string {
  const meant = nameMeant(text);
  const guess = meant === null ? '' : `did you mean "${meant}"? `;
  const rule =
    'names start with a letter, then lower-case letters, digits and single hyphens, at most 63 in all';
  return guess === '' ? rule : `${guess}(${rule})`;
}

/** The names of the devices at a link's ends. */
export type LinkEnds = readonly [string, string];

/**
 * `tor--hsm-326`: the two ends. Names have hyphens too, so that `tor-hsm-326` may mean several pairs: all of
 * them, the first split first, and who knows the devices chooses.
 */
export function parseLink(text: string): Result<readonly LinkEnds[], Misreading> {
  const pairs: LinkEnds[] = [];
  const separator = text.includes('--') ? '--' : '-';
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) {
    const [one, other] = [text.slice(0, at), text.slice(at + separator.length)];
    if (parseReference(one).ok && parseReference(other).ok) pairs.push([one, other]);
  }
  if (pairs.length > 0) return success(pairs);
  return misread(
    'scenario/bad-link',
    `${quoted(text)} is not the name of a link`,
    'name the devices at its ends with two hyphens between: tor--hsm-326',
  );
}

/** An address where the text looks like one, else a name. */
export function parseTarget(text: string): Result<Ip | string, Misreading> {
  return /^[0-9.]|:/.test(text) ? fromAddress(parseIp(text)) : parseReference(text);
}

/** An address, or a block; the address becomes a block of one. */
export function parsePattern(text: string): Result<Cidr, Misreading> {
  if (text.includes('/')) return fromAddress(parseCidr(text));
  const address = fromAddress(parseIp(text));
  return address.ok ? success(single(address.value)) : address;
}

/** The other end of a firewall's rule: a block, or the name of a firewall. */
export function parsePeer(text: string): Result<Cidr | string, Misreading> {
  return /^[a-z][^:]*$/.test(text) ? parseName(text) : fromAddress(parseCidr(text));
}

/** Bytes of a datagram's data: `0-551`, or `552-` to its end. A piece begins at a multiple of eight (RFC 791). */
export function parseStretch(text: string): Result<Stretch, Misreading> {
  const found = /^(\d{1,5})-(\d{1,5})?$/.exec(text);
  const [first, last] = [Number(found?.[1]), Number(found?.[2] ?? LARGEST_PACKET)];
  if (found === null || first > last) {
    return misread(
      'scenario/bad-fragment',
      `${quoted(text)} is not a piece of a datagram`,
      'first and last byte: 0-551',
    );
  }
  if (first % 8 !== 0) {
    const near = first - (first % 8);
    const help = `the nearest are ${near} and ${near + 8}`;
    return misread('scenario/bad-fragment', `a piece begins at a multiple of 8, not at ${first}`, help);
  }
  return success({ first, last });
}

/** A name, or `...`. */
export function parseWaypoint(text: string): Result<string, Misreading> {
  return text === '...' ? success(text) : parseReference(text);
}
