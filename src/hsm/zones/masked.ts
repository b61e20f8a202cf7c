import type { Random } from '../../base/index.ts';
import { openGcm, sealGcm } from '../cryptography/aes.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf, joinBytes, textOf } from '../cryptography/bytes.ts';
import { signEd25519, verifyEd25519 } from '../cryptography/curves.ts';
import { deriveKey } from '../cryptography/digest.ts';
import { openSealed, sealTo } from '../cryptography/sealed-to.ts';
import type { KeyHalves } from '../device/state.ts';
import type { OpenObject } from './backup.ts';

/**
 * An object on its way to another module: sealed under the zone's key, and, where it is for one peer, then to the peer's public key,
 * and signed (H-13). Without a peer the zone's key is all that it takes, to open it and to have made it (U-20). It is
 * not `C_WrapKey`: keys that never leave by that door travel so, with every attribute (trap T7), and only within a zone (T8).
 */
export interface MaskedObject {
  readonly from: Hex;
  readonly to: Hex;
  readonly zone: Hex;
  readonly uniqueId: Hex;
  readonly version: number;
  readonly sealed: Hex;
  readonly signature: Hex;
}

/** In place of a peer's key: for any module of the zone. */
const WHOLE_ZONE = 'zone';

/** What travels: an object, or the news that it was destroyed. */
export type News = OpenObject | null;

export interface Peer {
  readonly signing: Hex;
  readonly agreement: Hex;
}

export function maskObject(
  news: News,
  facts: { readonly zone: Hex; readonly uniqueId: Hex; readonly version: number },
  zoneKey: Uint8Array,
  own: { readonly signing: KeyHalves; readonly agreement: KeyHalves },
  peer: Peer | null,
  random: Random,
): MaskedObject | null {
  const head = { from: own.signing.publicKey, to: peer?.agreement ?? WHOLE_ZONE, ...facts };
  const nonce = random.bytes(12);
  const inner = joinBytes(
    nonce,
    sealGcm(innerKey(zoneKey), nonce, bytesOf(JSON.stringify(news)), bindingOf(head)),
  );
  if (peer === null) return { ...head, sealed: hexOf(inner), signature: '' };
  const sealed = sealTo(bytesOfHex(peer.agreement), inner, bindingOf(head), random);
  if (sealed === null) return null;
  const signature = signEd25519(bytesOfHex(own.signing.privateKey), signedBytes(head, sealed));
  return { ...head, sealed: hexOf(sealed), signature: hexOf(signature) };
}

/** `null`: not signed by this peer (or, without one, not for the whole zone), not for this module, of another zone, or changed on the way. */
export function unmaskObject(
  masked: MaskedObject,
  zoneKey: Uint8Array,
  own: { readonly agreement: KeyHalves },
  peer: Peer | null,
): { readonly news: News } | null {
  const { sealed, signature, ...head } = masked;
  if (peer === null) {
    const ours = head.to === WHOLE_ZONE && signature === '' && isHex(sealed);
    return ours ? openInner(zoneKey, bytesOfHex(sealed), head) : null;
  }
  if (head.from !== peer.signing || head.to !== own.agreement.publicKey) return null;
  if (!isHex(sealed) || !isHex(signature)) return null;
  const bytes = bytesOfHex(sealed);
  if (!verifyEd25519(bytesOfHex(peer.signing), signedBytes(head, bytes), bytesOfHex(signature))) return null;
  const { privateKey, publicKey } = own.agreement;
  const inner = openSealed(bytesOfHex(privateKey), bytesOfHex(publicKey), bytes, bindingOf(head));
  return inner === null ? null : openInner(zoneKey, inner, head);
}

function openInner(zoneKey: Uint8Array, inner: Uint8Array, head: Head): { readonly news: News } | null {
  const text = openGcm(innerKey(zoneKey), inner.slice(0, 12), inner.slice(12), bindingOf(head));
  // What the key opens was sealed by a module of the zone, so it has the shape that modules give it.
  return text === null ? null : { news: JSON.parse(textOf(text)) as News };
}

type Head = Omit<MaskedObject, 'sealed' | 'signature'>;

function bindingOf({ from, to, zone, uniqueId, version }: Head): Uint8Array {
  return bytesOf(JSON.stringify([from, to, zone, uniqueId, version]));
}

function signedBytes(head: Head, sealed: Uint8Array): Uint8Array {
  return joinBytes(bytesOf('vnsim masked object'), bindingOf(head), sealed);
}

function innerKey(zoneKey: Uint8Array): Uint8Array {
  return deriveKey(zoneKey, new Uint8Array(0), 'vnsim masked object');
}

function isHex(text: string): boolean {
  return /^(?:[0-9a-f]{2})*$/.test(text);
}
