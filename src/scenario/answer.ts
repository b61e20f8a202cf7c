import { type SignatureAlgorithm, verifySignature } from '../hsm/index.ts';
import type { Answer } from './run-report.ts';

/**
 * What an application said, read as the client reads it: if the client asked for the public key and for a signature
 * in one conversation, the signature is checked with nothing but what came over the wire.
 */
export function readAnswer(bytes: Uint8Array, payload: string | null): Answer {
  const text = new TextDecoder().decode(bytes);
  return { bytes, text, verified: verify(text, payload) };
}

function verify(answer: string, payload: string | null): Answer['verified'] {
  const message = /^SIGN (.*)$/m.exec(payload ?? '')?.[1];
  const signature = /^SIGNATURE ([0-9a-f]+)$/m.exec(answer)?.[1];
  const key = /^(ed25519|p256) ([0-9a-f]+)$/m.exec(answer);
  const [, algorithm, publicKey] = key ?? [];
  if (message === undefined || signature === undefined || publicKey === undefined) return null;
  const valid = verifySignature(
    algorithm as SignatureAlgorithm,
    fromHex(publicKey),
    new TextEncoder().encode(message),
    fromHex(signature),
  );
  return { algorithm: algorithm ?? '', publicKey, valid };
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}
