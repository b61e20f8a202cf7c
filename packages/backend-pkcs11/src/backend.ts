import type { Backend, Code, Kept, KeptKey, KeyKind, Mechanism } from '../../../src/hsm/index.ts';
import { ATTRIBUTES, KEY_TYPE, MECHANISMS, OBJECT_CLASS } from '../../../src/hsm/index.ts';
import { normalise } from './errors.ts';
import { ecdhParameter, parameterOf } from './parameter.ts';
import { type Token, templateOf } from './token.ts';

type MechanismName = keyof typeof MECHANISMS;
type Handle = Parameters<Token['pkcs11']['C_DestroyObject']>[1];
type Session = Parameters<Token['pkcs11']['C_DestroyObject']>[0];
type Wishes = Readonly<Record<number, number | boolean | Uint8Array>>;

const A = Object.fromEntries(Object.entries(ATTRIBUTES).map(([name, { number }]) => [name, number])) as {
  readonly [Name in keyof typeof ATTRIBUTES]: number;
};
const P256 = Uint8Array.from([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
/** Wrapping with padding: RFC 5649 by its number of PKCS#11 v3, and by the one that SoftHSM2 gives it. */
const PADDED_WRAPS = [0x210b, 0x210a];

/**
 * Keys kept in a PKCS#11 token: every key is made or taken in there, and what leaves it is wrapped under a key-encryption key that
 * never does. To be used it is unwrapped into a session, and is gone with the session. So the module's state stays plain data, and
 * destroying the token's key destroys every key at once.
 *
 * What it can do is asked of the token. Curves other than P-256 are left out: SoftHSM2 makes Ed25519 keys and cannot wrap them.
 */
export function tokenBackend(token: Token, label = 'vnsim key-encryption key'): Backend {
  const { pkcs11 } = token;
  const padded = PADDED_WRAPS.find((mechanism) => token.mechanisms.has(mechanism));
  if (padded === undefined) throw new Error('the token wraps nothing with padding');
  const kek = keyEncryptionKey(token, label);
  const wrapping = { mechanism: padded };

  /** The key as it is kept: the length of its value, and what the token made of it. */
  const keep = (session: Session, handle: Handle, length: number): Kept => {
    const wrapped = pkcs11.C_WrapKey(session, wrapping, kek, handle, Buffer.alloc(length + 256));
    return Uint8Array.from([length, ...wrapped]);
  };
  const unwrapKept = (session: Session, kind: KeyKind, kept: Kept, wishes: Wishes): Handle =>
    pkcs11.C_UnwrapKey(
      session,
      wrapping,
      kek,
      Buffer.from(kept.subarray(1)),
      templateOf({ ...classOf(kind), [A.CKA_TOKEN]: false, ...HIDDEN, ...wishes }),
    );
  const using = <Value>(
    kind: KeyKind,
    kept: Kept,
    wishes: Wishes,
    work: (session: Session, key: Handle) => Value,
  ) => token.inSession((session) => work(session, unwrapKept(session, kind, kept, wishes)));
  const facts = (session: Session, handle: Handle, type: number, length: number): KeptKey => ({
    kept: keep(session, handle, length),
    length,
    check: type === KEY_TYPE.aes ? read(token, session, handle, A.CKA_CHECK_VALUE).subarray(0, 3) : null,
  });

  return {
    name: 'pkcs11',
    mechanisms: mechanismsOf(token),
    generateSecret: (type, length) =>
      normalise('generate', () =>
        token.inSession((session) => {
          const mechanism = type === KEY_TYPE.aes ? 'CKM_AES_KEY_GEN' : 'CKM_GENERIC_SECRET_KEY_GEN';
          const wishes = { ...classOf({ kind: 'secret', type }), [A.CKA_VALUE_LEN]: length, ...HIDDEN };
          const handle = pkcs11.C_GenerateKey(
            session,
            { mechanism: MECHANISMS[mechanism].number },
            templateOf(wishes),
          );
          return facts(session, handle, type, length);
        }),
      ),
    generatePair: (curve) =>
      normalise('generate', () => {
        if (curve !== 'p256') return 'CKR_MECHANISM_INVALID';
        return token.inSession((session) => {
          const pair = pkcs11.C_GenerateKeyPair(
            session,
            { mechanism: MECHANISMS.CKM_EC_KEY_PAIR_GEN.number },
            templateOf({ [A.CKA_EC_PARAMS]: P256 }),
            templateOf({ [A.CKA_SIGN]: true, [A.CKA_DERIVE]: true, ...HIDDEN }),
          );
          const point = read(token, session, pair.publicKey, A.CKA_EC_POINT);
          return { publicKey: Uint8Array.from(point.subarray(2)), kept: keep(session, pair.privateKey, 32) };
        });
      }),
    bring: (type, value) =>
      normalise('bring', () =>
        token.inSession((session) => {
          const wishes = { ...classOf({ kind: 'secret', type }), [A.CKA_VALUE]: value, ...HIDDEN };
          return facts(session, pkcs11.C_CreateObject(session, templateOf(wishes)), type, value.length);
        }),
      ),
    reveal: (type, kept) =>
      normalise('reveal', () =>
        using({ kind: 'secret', type }, kept, { [A.CKA_SENSITIVE]: false }, (session, key) =>
          Uint8Array.from(read(token, session, key, A.CKA_VALUE).subarray(0, kept[0])),
        ),
      ),
    encrypt: (operation, kept, data) =>
      normalise('encrypt', () =>
        using(AES, kept, { [A.CKA_ENCRYPT]: true }, (session, key) => {
          pkcs11.C_EncryptInit(session, parameterOf(operation), key);
          const room = Buffer.alloc(data.length + 64);
          // Nothing at all is a pointer to nothing, which libraries refuse: it is the end without a beginning.
          const made =
            data.length === 0
              ? pkcs11.C_EncryptFinal(session, room)
              : pkcs11.C_Encrypt(session, Buffer.from(data), room);
          return Uint8Array.from(made);
        }),
      ),
    decrypt: (operation, kept, data) => {
      const fault = lengthFault(operation.mechanism, data.length);
      if (fault !== null) return fault;
      if (data.length === 0) return new Uint8Array(0);
      const what = operation.mechanism === 'CKM_AES_GCM' ? 'open' : 'decrypt';
      return normalise(what, () =>
        using(AES, kept, { [A.CKA_DECRYPT]: true }, (session, key) => {
          pkcs11.C_DecryptInit(session, parameterOf(operation), key);
          return Uint8Array.from(
            pkcs11.C_Decrypt(session, Buffer.from(data), Buffer.alloc(data.length + 64)),
          );
        }),
      );
    },
    sign: (operation, kept, data) => {
      const curve = operation.mechanism === 'CKM_ECDSA';
      if (curve && (data.length === 0 || data.length > 64)) return 'CKR_DATA_LEN_RANGE';
      const kind: KeyKind = curve
        ? { kind: 'private', curve: 'p256' }
        : operation.mechanism === 'CKM_AES_CMAC'
          ? AES
          : { kind: 'secret', type: KEY_TYPE.genericSecret };
      return normalise('sign', () =>
        using(kind, kept, { [A.CKA_SIGN]: true }, (session, key) => {
          pkcs11.C_SignInit(session, parameterOf(operation), key);
          const room = Buffer.alloc(256);
          const made =
            data.length === 0
              ? pkcs11.C_SignFinal(session, room)
              : pkcs11.C_Sign(session, Buffer.from(data), room);
          return Uint8Array.from(made);
        }),
      );
    },
    wrap: (name, wrapper, kind, kept) => {
      const length = kept[0] ?? 0;
      // RFC 3394 takes units of eight bytes; PKCS#8 of a private key has another length.
      if (name === 'CKM_AES_KEY_WRAP' && (kind.kind === 'private' || length % 8 !== 0))
        return 'CKR_KEY_SIZE_RANGE';
      return normalise('wrap', () =>
        using(AES, wrapper, { [A.CKA_WRAP]: true }, (session, by) => {
          const handle = unwrapKept(session, kind, kept, {});
          return Uint8Array.from(
            pkcs11.C_WrapKey(session, { mechanism: MECHANISMS[name].number }, by, handle, Buffer.alloc(1024)),
          );
        }),
      );
    },
    unwrap: (name, unwrapper, kind, wrapped) => {
      if (wrapped.length < 24 || wrapped.length % 8 !== 0) return 'CKR_WRAPPED_KEY_INVALID';
      return normalise('unwrap', () =>
        using(AES, unwrapper, { [A.CKA_UNWRAP]: true }, (session, by) => {
          const wishes = templateOf({ ...classOf(kind), [A.CKA_TOKEN]: false, ...HIDDEN });
          const mechanism = { mechanism: MECHANISMS[name].number };
          const handle = pkcs11.C_UnwrapKey(session, mechanism, by, Buffer.from(wrapped), wishes);
          if (kind.kind === 'private') return { kept: keep(session, handle, 32), length: 32, check: null };
          return facts(session, handle, kind.type, wrapped.length - 8);
        }),
      );
    },
    derive: (mechanism, base, kept, type, length) => deriveInside(mechanism, base, kept, type, length),
  };

  function deriveInside(
    mechanism: Mechanism,
    base: KeyKind,
    kept: Kept,
    type: number,
    length: number,
  ): KeptKey | Code {
    const { parameter } = mechanism;
    if (parameter?.kind !== 'ecdh' || base.kind !== 'private' || length > 32)
      return 'CKR_MECHANISM_PARAM_INVALID';
    return normalise('derive', () =>
      using(base, kept, { [A.CKA_DERIVE]: true }, (session, key) => {
        const { CKM_ECDH1_DERIVE } = MECHANISMS;
        const handle = pkcs11.C_DeriveKey(
          session,
          { mechanism: CKM_ECDH1_DERIVE.number, parameter: ecdhParameter(parameter.publicKey) },
          key,
          templateOf({ ...classOf({ kind: 'secret', type }), [A.CKA_VALUE_LEN]: length, ...HIDDEN }),
        );
        return facts(session, handle, type, length);
      }),
    );
  }
}

/** What every key in the token is: for nobody's eyes, and to be wrapped. */
const HIDDEN: Wishes = { [A.CKA_SENSITIVE]: true, [A.CKA_EXTRACTABLE]: true };
const AES: KeyKind = { kind: 'secret', type: KEY_TYPE.aes };

function classOf(kind: KeyKind): Wishes {
  return kind.kind === 'secret'
    ? { [A.CKA_CLASS]: OBJECT_CLASS.secretKey, [A.CKA_KEY_TYPE]: tokenType(kind.type) }
    : { [A.CKA_CLASS]: OBJECT_CLASS.privateKey, [A.CKA_KEY_TYPE]: KEY_TYPE.ec };
}

/** Keys for HKDF are generic secrets to a token that has no HKDF. */
function tokenType(type: number): number {
  return type === KEY_TYPE.hkdf ? KEY_TYPE.genericSecret : type;
}

/** The token's own key under which all others leave it; made when it is first asked for. */
function keyEncryptionKey({ pkcs11, inSession }: Token, label: string): Handle {
  return inSession((session) => {
    const name = Buffer.from(label);
    const wanted = { [A.CKA_CLASS]: OBJECT_CLASS.secretKey, [A.CKA_LABEL]: name };
    pkcs11.C_FindObjectsInit(session, templateOf(wanted));
    const [found] = pkcs11.C_FindObjects(session, 1);
    pkcs11.C_FindObjectsFinal(session);
    if (found !== undefined) return found;
    const template = templateOf({
      ...wanted,
      [A.CKA_KEY_TYPE]: KEY_TYPE.aes,
      [A.CKA_VALUE_LEN]: 32,
      [A.CKA_TOKEN]: true,
      [A.CKA_PRIVATE]: true,
      [A.CKA_SENSITIVE]: true,
      [A.CKA_EXTRACTABLE]: false,
      [A.CKA_WRAP]: true,
      [A.CKA_UNWRAP]: true,
    });
    return pkcs11.C_GenerateKey(session, { mechanism: MECHANISMS.CKM_AES_KEY_GEN.number }, template);
  });
}

function read({ pkcs11 }: Token, session: Session, handle: Handle, type: number): Buffer {
  const [attribute] = pkcs11.C_GetAttributeValue(session, handle, [{ type }]);
  return attribute?.value instanceof Buffer ? attribute.value : Buffer.alloc(0);
}

/** What can be computed inside the token, or without any secret. */
function mechanismsOf({ mechanisms }: Token): ReadonlySet<MechanismName> {
  const curves: readonly MechanismName[] = [
    'CKM_EDDSA',
    'CKM_EC_EDWARDS_KEY_PAIR_GEN',
    'CKM_EC_MONTGOMERY_KEY_PAIR_GEN',
  ];
  const names = Object.keys(MECHANISMS) as readonly MechanismName[];
  return new Set(names.filter((name) => !curves.includes(name) && mechanisms.has(MECHANISMS[name].number)));
}

/** What the length of a ciphertext alone tells. */
function lengthFault(name: MechanismName, length: number): Code | null {
  if (name === 'CKM_AES_CBC_PAD' && (length === 0 || length % 16 !== 0))
    return 'CKR_ENCRYPTED_DATA_LEN_RANGE';
  return name === 'CKM_AES_GCM' && length < 16 ? 'CKR_AEAD_DECRYPT_FAILED' : null;
}
