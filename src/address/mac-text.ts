import { type Result, success } from '../base/index.ts';
import { type AddressFault, judge, type Objection, refuse } from './fault.ts';
import { formatMac, type Mac, mac } from './mac.ts';

/**
 * Reads a MAC address as {@link formatMac} prints it: six octets of two lower case hexadecimal digits with
 * colons between. The other customs (`02-00-5E…`, `0200.5e00.0001`, upper case) come back as a near miss.
 */
export function parseMac(text: string): Result<Mac, AddressFault> {
  return judge(text, 'a MAC address', readMac(text));
}

function readMac(text: string): Result<Mac, Objection> {
  if (/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(text)) return success(bitsOf(text));
  const plain = text.trim();
  if (plain === '') return refuse('address/not-an-address', 'it is empty');
  if (!OTHER_CUSTOMS.test(plain)) {
    return refuse('address/not-an-address', 'six octets of two hexadecimal digits are expected');
  }
  const because = plain === text ? 'it is written in lower case with colons' : 'it has white space around it';
  return refuse('address/not-canonical', because, formatMac(bitsOf(plain)));
}

const OTHER_CUSTOMS =
  /^(?:[0-9a-f]{2}([:-]?)[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})$/i;

function bitsOf(text: string): Mac {
  return mac(Number.parseInt(text.replace(/[^0-9a-f]/gi, ''), 16));
}
