import { createRequire } from 'node:module';
import type * as Pkcs11Js from 'pkcs11js';

type Session = Pkcs11Js.Handle;
type Template = Pkcs11Js.Template;

/** Which token, and how to get in. */
export interface TokenOptions {
  /** path of the PKCS#11 library */
  readonly library: string;
  /** `CKA_LABEL` of the token */
  readonly label: string;
  /** of its user */
  readonly pin: string;
}

/** A token that somebody is logged in to. */
export interface Token {
  readonly pkcs11: Pkcs11Js.PKCS11;
  /** numbers of its mechanisms */
  readonly mechanisms: ReadonlySet<number>;
  /**
   * Does something in a session of its own. A call that fails may leave an operation open, and some libraries never end it:
   * with the session it is gone, and so are the objects that were made in it.
   */
  inSession<Value>(work: (session: Session) => Value): Value;
  close(): void;
}

/**
 * Opens a token by its synchronous functions alone: the asynchronous ones of pkcs11js have been seen to use memory that is not
 * theirs any more, and would make the simulated world wait.
 */
export function openToken({ library, label, pin }: TokenOptions): Token {
  // pkcs11js is CommonJS, and its class is not seen by import
  const { PKCS11, CKF_OS_LOCKING_OK } = createRequire(import.meta.url)('pkcs11js') as typeof Pkcs11Js;
  const pkcs11 = new PKCS11();
  pkcs11.load(library);
  // Without the flag p11-kit-client.so says CKR_CANT_LOCK.
  pkcs11.C_Initialize({ flags: CKF_OS_LOCKING_OK });
  const slot = pkcs11.C_GetSlotList(true).find((each) => pkcs11.C_GetTokenInfo(each).label.trim() === label);
  if (slot === undefined) {
    pkcs11.C_Finalize();
    throw new Error(`${library} has no token "${label}"`);
  }
  const open = (): Session => pkcs11.C_OpenSession(slot, 6);
  const first = open();
  pkcs11.C_Login(first, 1, pin);
  return {
    pkcs11,
    mechanisms: new Set(pkcs11.C_GetMechanismList(slot)),
    inSession: (work) => {
      const session = open();
      try {
        return work(session);
      } finally {
        pkcs11.C_CloseSession(session);
      }
    },
    close: () => {
      pkcs11.C_CloseSession(first);
      pkcs11.C_Finalize();
    },
  };
}

/** A template of numbers, truths and bytes. */
export function templateOf(values: Readonly<Record<number, number | boolean | Uint8Array>>): Template {
  return Object.entries(values).map(([type, value]) => ({
    type: Number(type),
    value: value instanceof Uint8Array ? Buffer.from(value) : value,
  }));
}
