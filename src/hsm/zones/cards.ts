import type { Random } from '../../base/index.ts';
import { unwrapKeyPadded, wrapKeyPadded } from '../cryptography/aes.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf } from '../cryptography/bytes.ts';
import { deriveKey, hmacSha256 } from '../cryptography/digest.ts';
import { joinShares, splitSecret } from '../cryptography/shares.ts';
import type { SmartCard } from './zone.ts';

/** Eight bytes that tell zone keys apart and tell nothing about them. */
export function checkValueOf(key: Uint8Array): Hex {
  return hexOf(hmacSha256(key, bytesOf('vnsim zone check value')).slice(0, 8));
}

/** A zone's key on cards, one for each PIN; any `needed` of them give it back. */
export function writeCards(
  key: Uint8Array,
  needed: number,
  pins: readonly string[],
  random: Random,
): readonly SmartCard[] {
  const zone = checkValueOf(key);
  const set = hexOf(random.bytes(8));
  return splitSecret(key, needed, pins.length, random).map((share, index) => {
    const salt = random.bytes(16);
    const sealed = wrapKeyPadded(cardKey(pins[index] ?? '', salt), share) ?? new Uint8Array(0);
    const facts = { zone, set, place: index + 1, needed, count: pins.length };
    return { ...facts, salt: hexOf(salt), sealed: hexOf(sealed) };
  });
}

/** The share of a card; `null`: wrong PIN, or not what was written (RFC 5649 notices a single bit). */
export function readCard(card: SmartCard, pin: string): Uint8Array | null {
  const share = unwrapKeyPadded(cardKey(pin, bytesOfHex(card.salt)), bytesOfHex(card.sealed));
  return share !== null && share.at(-1) === card.place ? share : null;
}

/** The key of shares, if it is the one that their zone is called after: never another one (P11). */
export function keyOfShares(shares: readonly Uint8Array[], zone: Hex): Uint8Array | null {
  const key = joinShares(shares);
  return checkValueOf(key) === zone ? key : null;
}

function cardKey(pin: string, salt: Uint8Array): Uint8Array {
  return deriveKey(bytesOf(pin), salt, 'vnsim smartcard');
}

/** Whether somebody handed over something of the form of a card. */
export function isCard({ zone, set, place, needed, count, salt, sealed }: SmartCard): boolean {
  const numbers = [place, needed, count].every((each) => Number.isInteger(each) && each >= 1 && each <= 16);
  const hex = [zone, set, salt, sealed].every((each) => /^(?:[0-9a-f]{2})+$/.test(each));
  return numbers && hex && place <= count && needed <= count;
}
