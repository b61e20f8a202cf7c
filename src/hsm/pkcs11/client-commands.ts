import type { Nothing } from '../device/commands.ts';
import type { Attribute, AttributeValue, Template } from '../objects/attribute.ts';
import type { Mechanism } from '../objects/mechanism.ts';

interface InSession {
  readonly session: number;
}
interface Initiates extends InSession {
  readonly mechanism: Mechanism;
  readonly key: number;
}
interface WithData extends InSession {
  readonly data: Uint8Array;
}
export interface GivesData {
  readonly data: Uint8Array;
}

/** Functions that take and give the same. */
type Each<Names extends string, Takes, Gives> = {
  readonly [Name in Names]: { readonly takes: Takes; readonly gives: Gives };
};

type Keyed = 'Encrypt' | 'Decrypt' | 'Sign' | 'Verify';
type Ciphering = 'Encrypt' | 'Decrypt';

/** Work with a key or a digest: begun, done at once, or in parts. */
interface Operations
  extends Each<`C_${Keyed}Init`, Initiates, Nothing>,
    Each<`C_${Ciphering | 'Digest' | 'Sign'}` | `C_${Ciphering}Update`, WithData, GivesData>,
    Each<`C_${'Digest' | 'Sign' | 'Verify'}Update`, WithData, Nothing>,
    Each<`C_${Ciphering | 'Digest' | 'Sign'}Final`, InSession, GivesData> {
  C_DigestInit: { takes: InSession & { readonly mechanism: Mechanism }; gives: Nothing };
  C_Verify: { takes: WithData & { readonly signature: Uint8Array }; gives: Nothing };
  C_VerifyFinal: { takes: InSession & { readonly signature: Uint8Array }; gives: Nothing };
}

/** The 50 functions of PKCS#11 that the module has, as a client's library calls them. Handles and slots are numbers. */
export interface ClientCommands
  extends Operations,
    Each<'C_Initialize' | 'C_Finalize', Nothing, Nothing>,
    Each<'C_CloseSession' | 'C_Logout' | 'C_FindObjectsFinal', InSession, Nothing> {
  C_GetInfo: { takes: Nothing; gives: LibraryFacts };
  C_GetSlotList: { takes: { readonly tokenPresent: boolean }; gives: { readonly slots: readonly number[] } };
  C_GetSlotInfo: { takes: { readonly slot: number }; gives: SlotFacts };
  C_GetTokenInfo: { takes: { readonly slot: number }; gives: TokenFacts };
  C_GetMechanismList: { takes: { readonly slot: number }; gives: { readonly mechanisms: readonly number[] } };
  C_GetMechanismInfo: { takes: { readonly slot: number; readonly type: number }; gives: MechanismFacts };
  C_InitToken: {
    takes: { readonly slot: number; readonly pin: string; readonly label: string };
    gives: Nothing;
  };
  C_InitPIN: { takes: InSession & { readonly pin: string }; gives: Nothing };
  C_SetPIN: { takes: InSession & { readonly old: string; readonly fresh: string }; gives: Nothing };
  C_OpenSession: { takes: { readonly slot: number; readonly flags: number }; gives: InSession };
  C_CloseAllSessions: { takes: { readonly slot: number }; gives: Nothing };
  C_GetSessionInfo: { takes: InSession; gives: SessionFacts };
  /** `user`: CKU_SO 0, CKU_USER 1, Luna's crypto user 0x80000001. `pin: null`: it was entered at a PIN entry device */
  C_Login: { takes: InSession & { readonly user: number; readonly pin: string | null }; gives: Nothing };
  C_CreateObject: { takes: InSession & { readonly template: Template }; gives: { readonly object: number } };
  C_DestroyObject: { takes: InSession & { readonly object: number }; gives: Nothing };
  C_GetAttributeValue: {
    takes: InSession & { readonly object: number; readonly types: readonly number[] };
    gives: { readonly attributes: readonly AttributeAnswer[] };
  };
  C_SetAttributeValue: {
    takes: InSession & { readonly object: number; readonly template: Template };
    gives: Nothing;
  };
  C_FindObjectsInit: { takes: InSession & { readonly template: Template }; gives: Nothing };
  C_FindObjects: {
    takes: InSession & { readonly most: number };
    gives: { readonly objects: readonly number[] };
  };
  C_GenerateKey: {
    takes: InSession & { readonly mechanism: Mechanism; readonly template: Template };
    gives: { readonly object: number };
  };
  C_GenerateKeyPair: {
    takes: InSession & {
      readonly mechanism: Mechanism;
      readonly publicTemplate: Template;
      readonly privateTemplate: Template;
    };
    gives: { readonly publicKey: number; readonly privateKey: number };
  };
  C_WrapKey: {
    takes: InSession & { readonly mechanism: Mechanism; readonly wrapping: number; readonly key: number };
    gives: GivesData;
  };
  C_UnwrapKey: {
    takes: InSession & {
      readonly mechanism: Mechanism;
      readonly unwrapping: number;
      readonly wrapped: Uint8Array;
      readonly template: Template;
    };
    gives: { readonly object: number };
  };
  C_DeriveKey: {
    takes: InSession & { readonly mechanism: Mechanism; readonly base: number; readonly template: Template };
    gives: { readonly object: number };
  };
  C_GenerateRandom: { takes: InSession & { readonly length: number }; gives: GivesData };
}

/** An attribute in an answer; `null`: there is no such value, or it is not given away. */
export interface AttributeAnswer {
  readonly type: Attribute['type'];
  readonly value: AttributeValue | null;
  readonly refused: 'CKR_ATTRIBUTE_SENSITIVE' | 'CKR_ATTRIBUTE_TYPE_INVALID' | null;
}

export interface LibraryFacts {
  readonly manufacturer: string;
  readonly description: string;
}

export interface SlotFacts {
  readonly manufacturer: string;
  readonly description: string;
  readonly tokenPresent: boolean;
}

/** `CK_TOKEN_INFO`, as far as it says something here. */
export interface TokenFacts {
  readonly label: string;
  readonly manufacturer: string;
  readonly serial: string;
  readonly model: string;
  readonly flags: number;
  readonly sessions: number;
  readonly writableSessions: number;
}

export interface MechanismFacts {
  readonly smallest: number;
  readonly largest: number;
  readonly flags: number;
}

/** `CKS_…` as `C_GetSessionInfo` counts them. */
export interface SessionFacts {
  readonly slot: number;
  readonly state: number;
  readonly flags: number;
}
