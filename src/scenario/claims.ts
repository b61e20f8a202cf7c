import { type Ipv4, parseIpv4 } from '../address/index.ts';
import { type Result, success } from '../base/index.ts';
import { fromAddress, type Misreading, misread } from './misreading.ts';
import { parseReference } from './reference-text.ts';
import type { Customer, DeviceReference, Traffic } from './scenario.ts';
import { parseTraffic } from './traffic.ts';
import { quoted } from './wording.ts';

/** A claim with its names as they stand in the file. */
export type ClaimText =
  | { readonly kind: 'isolated'; readonly from: string; readonly to: string }
  | { readonly kind: 'sees-only'; readonly device: string; readonly sources: readonly Ipv4[] }
  | { readonly kind: 'reaches'; readonly from: string; readonly to: string; readonly traffic: Traffic };

/** One end of a claim. A customer means every device in its network. */
export type Party =
  | { readonly kind: 'device'; readonly device: DeviceReference }
  | { readonly kind: 'customer'; readonly customer: Customer };

/** A claim whose names were found. */
export type Claim =
  | { readonly kind: 'isolated'; readonly from: Party; readonly to: Party }
  | { readonly kind: 'sees-only'; readonly device: DeviceReference; readonly sources: readonly Ipv4[] }
  | { readonly kind: 'reaches'; readonly from: Party; readonly to: Party; readonly traffic: Traffic };

const FORMS =
  'claims are: nothing from A reaches B · D sees only source ADDRESS (or sources ADDRESS, ADDRESS) · A reaches B tcp/PORT';

/** Reads one of the three forms; names are not looked up. */
export function parseClaim(text: string): Result<ClaimText, Misreading> {
  const words = text.trim().split(/\s+/);
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = words;

  if (first === 'nothing' && second === 'from' && fourth === 'reaches' && words.length === 5) {
    return naming([third, fifth], () => success({ kind: 'isolated', from: third, to: fifth }));
  }
  if (second === 'sees' && third === 'only' && (fourth === 'source' || fourth === 'sources')) {
    const list = words.slice(4).join(' ').split(/ ?, ?/);
    return naming([first], () => seesOnly(first, list));
  }
  if (second === 'reaches' && words.length === 4) {
    return naming([first, third], () => reaches(first, third, fourth));
  }
  return misread('scenario/bad-claim', `${quoted(text)} is not a claim`, FORMS);
}

function naming(
  names: readonly string[],
  then: () => Result<ClaimText, Misreading>,
): Result<ClaimText, Misreading> {
  for (const name of names) {
    const reading = parseReference(name);
    if (!reading.ok) return reading;
  }
  return then();
}

function seesOnly(device: string, list: readonly string[]): Result<ClaimText, Misreading> {
  const sources: Ipv4[] = [];
  for (const text of list) {
    const address = fromAddress(parseIpv4(text));
    if (!address.ok) return address;
    sources.push(address.value);
  }
  return success({ kind: 'sees-only', device, sources });
}

function reaches(from: string, to: string, text: string): Result<ClaimText, Misreading> {
  const traffic = parseTraffic(text);
  return traffic.ok ? success({ kind: 'reaches', from, to, traffic: traffic.value }) : traffic;
}
