import { seededRandom } from '../../base/index.ts';
import { newCertificate } from '../channel/certificate.ts';
import { hexOf } from '../cryptography/bytes.ts';
import { generateCurveKeys } from '../cryptography/curves.ts';
import type { ClientIdentity } from './caller.ts';

/** The key pair and certificate that the client of this name makes for itself (FIG. 7, 712): decided by the seed. */
export function clientIdentity(seed: number, name: string): ClientIdentity {
  const { privateKey, publicKey } = generateCurveKeys(
    'ed25519',
    seededRandom(seed, `certificate of ${name}`),
  );
  const keys = { privateKey: hexOf(privateKey), publicKey: hexOf(publicKey) };
  return { certificate: newCertificate(name, keys), keys };
}
