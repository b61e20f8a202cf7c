import type { Hex } from '../cryptography/bytes.ts';
import type { MechanismName } from '../objects/mechanism.ts';

/**
 * One connection of a client: an application in the words of PKCS#11. Logins, sessions and object handles belong to it
 * and end with it.
 */
export interface Application {
  readonly certificate: Hex;
  readonly initialised: boolean;
  readonly sessions: Readonly<Record<number, Session>>;
  readonly nextSession: number;
  /** sessions whose partition went away and whose client has not been told yet */
  readonly removed: readonly number[];
  /** who is logged in, by slot */
  readonly logins: Readonly<Record<number, UserType>>;
  /** objects by handle; a handle is never used twice */
  readonly handles: Readonly<Record<number, ObjectHandle>>;
  readonly nextHandle: number;
}

export interface ObjectHandle {
  readonly slot: number;
  /** number of the object in its partition */
  readonly object: number;
}

export type UserType = 'partition-officer' | 'crypto-officer' | 'crypto-user';

export interface Session {
  readonly slot: number;
  readonly writable: boolean;
  readonly operations: { readonly [Kind in OperationKind]?: Operation };
  /** objects still to be told by `C_FindObjects`; absent: no search */
  readonly found: readonly number[] | null;
}

export type OperationKind = 'encrypt' | 'decrypt' | 'digest' | 'sign' | 'verify';

/** An operation between its `Init` and its end. */
export interface Operation {
  readonly mechanism: MechanismName;
  /** number of the key's object; 0 for digests */
  readonly object: number;
  /** nonce, vector or counter block; empty where the mechanism has none */
  readonly vector: Hex;
  /** additional data of GCM */
  readonly additional: Hex;
  /** what was given in parts so far; `null`: nothing in parts */
  readonly parts: Hex | null;
}

/** Sessions that one application may have open. */
export const MOST_SESSIONS = 64;

export function freshApplication(certificate: Hex): Application {
  return {
    certificate,
    initialised: false,
    sessions: {},
    nextSession: 1,
    removed: [],
    logins: {},
    handles: {},
    nextHandle: 1,
  };
}
