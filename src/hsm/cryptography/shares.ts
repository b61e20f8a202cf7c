import type { Random } from '../../base/index.ts';

/**
 * Shamir's secret sharing over GF(2^8): any `needed` of the shares give the secret, fewer give nothing at all.
 *
 * A share is the values of one polynomial a byte of the secret, followed by the place where they were taken (1 … 255):
 * the form of HashiCorp Vault and of `shamir-secret-sharing`, which judges this one in a test. That library takes its
 * chance from the machine, and a run must repeat.
 */
export function splitSecret(
  secret: Uint8Array,
  needed: number,
  count: number,
  random: Random,
): readonly Uint8Array[] {
  const shares = Array.from({ length: count }, (_, index) => {
    const share = new Uint8Array(secret.length + 1);
    share[secret.length] = index + 1;
    return share;
  });
  secret.forEach((byte, place) => {
    const coefficients = [byte, ...random.bytes(needed - 1)];
    for (const share of shares) {
      // Horner, from the highest coefficient down.
      share[place] = coefficients.reduceRight(
        (sum, coefficient) => multiply(sum, share[secret.length] ?? 0) ^ coefficient,
        0,
      );
    }
  });
  return shares;
}

/** The secret, if at least as many shares of one splitting are given as it needs; otherwise bytes that mean nothing. */
export function joinShares(shares: readonly Uint8Array[]): Uint8Array {
  const length = (shares[0]?.length ?? 1) - 1;
  const places = shares.map((share) => share[length] ?? 0);
  const weights = places.map((place) =>
    places
      .filter((other) => other !== place)
      .reduce((product, other) => multiply(product, divide(other, place ^ other)), 1),
  );
  return Uint8Array.from({ length }, (_, index) =>
    shares.reduce((sum, share, at) => sum ^ multiply(share[index] ?? 0, weights[at] ?? 0), 0),
  );
}

/** The field of AES: polynomials modulo x^8 + x^4 + x^3 + x + 1, with 3 as generator. */
const [EXPONENTS, LOGARITHMS] = tables();

function tables(): readonly [Uint8Array, Uint8Array] {
  const exponents = new Uint8Array(255);
  const logarithms = new Uint8Array(256);
  let power = 1;
  for (let exponent = 0; exponent < 255; exponent += 1) {
    exponents[exponent] = power;
    logarithms[power] = exponent;
    power ^= (power << 1) ^ (power & 0x80 ? 0x11b : 0);
  }
  return [exponents, logarithms];
}

function multiply(one: number, other: number): number {
  if (one === 0 || other === 0) return 0;
  return EXPONENTS[((LOGARITHMS[one] ?? 0) + (LOGARITHMS[other] ?? 0)) % 255] ?? 0;
}

/** `divisor` is not zero: no two shares are of one place. */
function divide(dividend: number, divisor: number): number {
  if (dividend === 0) return 0;
  return EXPONENTS[((LOGARITHMS[dividend] ?? 0) - (LOGARITHMS[divisor] ?? 0) + 255) % 255] ?? 0;
}
