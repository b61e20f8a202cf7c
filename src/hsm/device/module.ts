import type { Nanos, Random } from '../../base/index.ts';
import { type Hex, hexOf } from '../cryptography/bytes.ts';
import { generateCurveKeys } from '../cryptography/curves.ts';
import { NO_ZONE } from '../zones/zone.ts';
import { type Account, newCredential } from './account.ts';
import { INITIAL_POLICIES } from './policy.ts';
import type { Identity, KeyHalves, ModuleState, Settings } from './state.ts';

/** A module as its maker ships it to the provider. */
export interface ModuleOptions {
  readonly serial: string;
  /** the provider's administrator (408) and its password */
  readonly provider: { readonly name: string; readonly secret: string };
  /** what its maker puts into all devices for modules of this model; absent: no PIN entry device fits */
  readonly maker?: Hex;
}

/** What its firmware is called, and the one that it comes with. */
export const FIRMWARE_NAME = 'vnsim-hsm ';
const FIRMWARE = `${FIRMWARE_NAME}1.0`;

export function newModule(options: ModuleOptions, random: Random, now: Nanos): ModuleState {
  return {
    serial: options.serial,
    firmware: FIRMWARE,
    life: 'factory',
    power: 'on',
    suspended: null,
    tampered: false,
    erasing: null,
    generation: 0,
    label: '',
    kek: null,
    identity: newIdentity(random, now),
    providers: { [options.provider.name]: newAccount(options.provider.secret, random) },
    administrators: {},
    officers: {},
    quorum: 1,
    proposals: {},
    logins: {},
    policies: INITIAL_POLICIES,
    settings: FACTORY_SETTINGS,
    partitions: {},
    zone: NO_ZONE,
    medium: [],
    peers: {},
    clients: {},
    presented: [],
    applications: {},
    log: [],
    logged: 0,
  };
}

export const FACTORY_SETTINGS: Settings = {
  network: '',
  timezone: 'UTC',
  clock: 0,
  providerLog: null,
  customerLog: null,
};

export function newIdentity(random: Random, now: Nanos): Identity {
  return { signing: halves('ed25519', random), agreement: halves('x25519', random), since: now };
}

function halves(curve: 'ed25519' | 'x25519', random: Random): KeyHalves {
  const { privateKey, publicKey } = generateCurveKeys(curve, random);
  return { privateKey: hexOf(privateKey), publicKey: hexOf(publicKey) };
}

export function newAccount(secret: string, random: Random): Account {
  return { credential: newCredential(secret, random), unactivated: false, owner: false, lockedUntil: null };
}
