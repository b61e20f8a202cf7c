import { type Nanos, nanos, SECOND } from '../../base/index.ts';
import type { MechanismName } from '../objects/mechanism.ts';

/**
 * How quickly a module works: so many operations side by side, each for as long as its mechanism takes. What finds no engine
 * free waits; what finds the queue full is refused with `OVERLOADED`. Calls without a mechanism take no time.
 *
 * At its limit a module does `engines / time` operations a second.
 */
export interface Speed {
  /** operations at the same time */
  readonly engines: number;
  /** operations that may wait for an engine */
  readonly waiting: number;
  readonly times: ServiceTimes;
}

/** How long an operation keeps an engine; what is not named takes no time. */
export type ServiceTimes = { readonly [Name in MechanismName]?: Nanos };

export type ProfileName = 'luna-sa-7000' | 'luna-sa-1700';

/** Operations a second, all engines together. */
type Rates = { readonly [Name in MechanismName]?: number };

/**
 * The two speeds in which a Luna SA is sold. Its FAQ (SafeNet, Luna SA 5.3) says signatures on P-256 (1000 and 490 a second) and of
 * RSA-1024 (7000 and 1700), and that about 30 threads keep a module busy: hence 30 engines. It says nothing of the rest: what is
 * symmetric is given the speed of RSA-1024 here, what is on a curve that of P-256.
 */
export const PROFILES: Readonly<Record<ProfileName, Speed>> = {
  'luna-sa-7000': profile(30, 300, 7000, 1000),
  'luna-sa-1700': profile(30, 300, 1700, 490),
};

export const PROFILE_NAMES: readonly ProfileName[] = Object.keys(PROFILES) as readonly ProfileName[];

/** Operations of one mechanism that a module can do in a second; infinity: they take no time. */
export function capacityOf({ engines, times }: Speed, mechanism: MechanismName): number {
  const time = times[mechanism] ?? 0;
  return time === 0 ? Number.POSITIVE_INFINITY : (engines * SECOND) / time;
}

function profile(engines: number, waiting: number, symmetric: number, curve: number): Speed {
  const rates: Rates = {
    CKM_SHA256_HMAC: symmetric,
    CKM_GENERIC_SECRET_KEY_GEN: symmetric,
    CKM_AES_KEY_GEN: symmetric,
    CKM_AES_CBC_PAD: symmetric,
    CKM_AES_CTR: symmetric,
    CKM_AES_GCM: symmetric,
    CKM_AES_CMAC: symmetric,
    CKM_AES_KEY_WRAP: symmetric,
    CKM_AES_KEY_WRAP_KWP: symmetric,
    CKM_HKDF_DERIVE: symmetric,
    CKM_EC_KEY_PAIR_GEN: curve,
    CKM_EC_EDWARDS_KEY_PAIR_GEN: curve,
    CKM_EC_MONTGOMERY_KEY_PAIR_GEN: curve,
    CKM_ECDSA: curve,
    CKM_ECDSA_SHA256: curve,
    CKM_EDDSA: curve,
    CKM_ECDH1_DERIVE: curve,
  };
  const times = Object.entries(rates).map(([name, rate]) => [
    name,
    nanos(Math.round((engines * SECOND) / rate)),
  ]);
  return { engines, waiting, times: Object.fromEntries(times) as ServiceTimes };
}
