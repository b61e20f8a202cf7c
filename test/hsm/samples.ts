import { nanos } from '../../src/base/index.ts';
import { attributeOf, type Command, type CommandKind } from '../../src/hsm/index.ts';
import {
  AES_TEMPLATE,
  bytesOfText,
  fingerprint,
  gcm,
  hex,
  makeAes,
  makePair,
  PASSWORDS,
  PINS,
  plain,
  type Rig,
  WRAPPER_TEMPLATE,
} from './rig.ts';

/** Handles that the sample commands speak of. */
export interface Places {
  readonly slot: number;
  readonly session: number;
  readonly aes: number;
  readonly wrapper: number;
  readonly publicKey: number;
  readonly privateKey: number;
  readonly secret: number;
}

/** Keys for the samples, in a rig whose crypto officer is logged in. */
export function placesIn(rig: Rig, slot: number, session: number): Places {
  const pair = makePair(rig, session, 'ed25519');
  const derives = [
    attributeOf('CKA_VALUE_LEN', 32),
    attributeOf('CKA_DERIVE', true),
    attributeOf('CKA_TOKEN', true),
  ];
  return {
    slot,
    session,
    aes: makeAes(rig, session, undefined, [...AES_TEMPLATE, attributeOf('CKA_EXTRACTABLE', true)]),
    wrapper: makeAes(rig, session, undefined, WRAPPER_TEMPLATE),
    publicKey: pair.publicKey,
    privateKey: pair.privateKey,
    secret: rig.must(
      { kind: 'client', certificate: fingerprint('a'), application: 1 },
      { kind: 'C_GenerateKey', session, mechanism: plain('CKM_GENERIC_SECRET_KEY_GEN'), template: derives },
    ).object,
  };
}

const CARD = { zone: '00', set: '00', place: 1, needed: 1, count: 1, salt: '00', sealed: '00' };
const BACKUP = {
  header: {
    format: 'vnsim-backup/1' as const,
    zone: '00',
    serial: '00',
    version: 0,
    at: nanos(0),
    salt: '00',
  },
  sealed: '00',
};

/** One command of each kind, with arguments that are right in a ready module. */
export function sampleCommands(at: Places): { readonly [K in CommandKind]: Command<K> } {
  const { slot, session } = at;
  const data = bytesOfText('data');
  return {
    'power-on': { kind: 'power-on' },
    'power-off': { kind: 'power-off' },
    tamper: { kind: 'tamper', how: 'alarm' },
    suspend: { kind: 'suspend', period: nanos(0) },
    'restore-service': { kind: 'restore-service' },
    reclaim: { kind: 'reclaim' },
    'channel-closed': { kind: 'channel-closed', channel: 99 },
    'application-closed': { kind: 'application-closed', application: 99 },

    login: { kind: 'login', name: 'crp', secret: PASSWORDS.crp },
    logout: { kind: 'logout' },
    show: { kind: 'show' },
    'show-log': { kind: 'show-log' },
    'change-password': { kind: 'change-password', old: 'wrong-password', fresh: 'another-password' },
    'create-administrator': { kind: 'create-administrator', name: 'bob' },
    'set-network': { kind: 'set-network', network: '10.10.0.3/24' },
    'set-log-target': { kind: 'set-log-target', target: 'collector' },
    'upgrade-firmware': { kind: 'upgrade-firmware', version: '1.1' },
    'set-clock': { kind: 'set-clock', timezone: 'CET', offset: 5 },
    zeroise: { kind: 'zeroise' },
    'factory-reset': { kind: 'factory-reset' },
    initialise: {
      kind: 'initialise',
      label: 'again',
      officers: [{ name: 'new-officer', secret: 'new-secret' }],
      quorum: 1,
      policies: {},
    },
    'create-officer': { kind: 'create-officer', name: 'sid', secret: 'sid-secret' },
    'delete-officer': { kind: 'delete-officer', name: 'sue' },
    'regenerate-identity': { kind: 'regenerate-identity' },
    propose: { kind: 'propose', proposed: { kind: 'delete-partition', name: 'payments', proposal: null } },
    approve: { kind: 'approve', proposal: 'none', digest: '00' },
    'create-partition': { kind: 'create-partition', name: 'second', quota: null },
    'delete-partition': { kind: 'delete-partition', name: 'payments', proposal: null },
    'list-partitions': { kind: 'list-partitions' },
    'reinitialise-partition': { kind: 'reinitialise-partition', name: 'payments', proposal: null },
    'present-pin': {
      kind: 'present-pin',
      partition: 'payments',
      client: 'client-a',
      user: 'crypto-officer',
      pin: PINS.user,
      calledBy: 'device',
    },
    'set-pin': { kind: 'set-pin', partition: 'payments', role: 'crypto-user', pin: '4711' },
    'register-client': {
      kind: 'register-client',
      name: 'other',
      certificate: fingerprint('e'),
      expires: null,
    },
    'delete-client': { kind: 'delete-client', name: 'client-a' },
    'list-clients': { kind: 'list-clients' },
    'assign-client': { kind: 'assign-client', client: 'client-a', partition: 'spare' },
    'revoke-client': { kind: 'revoke-client', client: 'client-a', partition: 'payments' },
    'change-policy': { kind: 'change-policy', policy: 'user-failures', value: 5, proposal: null },

    'entrust-zone': { kind: 'entrust-zone', partition: 'spare', custodian: 'customer', proposal: null },
    'generate-zone-key': { kind: 'generate-zone-key', partition: null, needed: 1, pins: ['card-1'] },
    'read-card': { kind: 'read-card', partition: null, card: CARD, pin: 'card-1' },
    'unload-zone-key': { kind: 'unload-zone-key', partition: null },
    'list-zones': { kind: 'list-zones' },
    backup: { kind: 'backup', partition: 'payments' },
    'fetch-backup': { kind: 'fetch-backup', partition: 'payments', serial: null },
    restore: { kind: 'restore', partition: 'payments', backup: BACKUP, older: false },
    'trust-peer': {
      kind: 'trust-peer',
      name: 'peer',
      signing: fingerprint('1'),
      agreement: fingerprint('2'),
    },
    'distrust-peer': { kind: 'distrust-peer', name: 'peer' },
    'copy-out': { kind: 'copy-out', partition: 'payments', peer: 'peer' },
    'copy-in': { kind: 'copy-in', partition: 'payments', peer: 'peer', objects: [] },

    C_Initialize: { kind: 'C_Initialize' },
    C_Finalize: { kind: 'C_Finalize' },
    C_GetInfo: { kind: 'C_GetInfo' },
    C_GetSlotList: { kind: 'C_GetSlotList', tokenPresent: true },
    C_GetSlotInfo: { kind: 'C_GetSlotInfo', slot },
    C_GetTokenInfo: { kind: 'C_GetTokenInfo', slot },
    C_GetMechanismList: { kind: 'C_GetMechanismList', slot },
    C_GetMechanismInfo: { kind: 'C_GetMechanismInfo', slot, type: 0x1087 },
    C_InitToken: { kind: 'C_InitToken', slot, pin: PINS.officer, label: 'again' },
    C_InitPIN: { kind: 'C_InitPIN', session, pin: 'fresh-pin' },
    C_SetPIN: { kind: 'C_SetPIN', session, old: 'not-my-pin', fresh: 'fresh-pin' },
    C_OpenSession: { kind: 'C_OpenSession', slot, flags: 6 },
    C_CloseSession: { kind: 'C_CloseSession', session },
    C_CloseAllSessions: { kind: 'C_CloseAllSessions', slot },
    C_GetSessionInfo: { kind: 'C_GetSessionInfo', session },
    C_Login: { kind: 'C_Login', session, user: 1, pin: PINS.user },
    C_Logout: { kind: 'C_Logout', session },
    C_CreateObject: {
      kind: 'C_CreateObject',
      session,
      template: [attributeOf('CKA_CLASS', 0), attributeOf('CKA_VALUE', data)],
    },
    C_DestroyObject: { kind: 'C_DestroyObject', session, object: at.publicKey },
    C_GetAttributeValue: { kind: 'C_GetAttributeValue', session, object: at.publicKey, types: [3] },
    C_SetAttributeValue: {
      kind: 'C_SetAttributeValue',
      session,
      object: at.publicKey,
      template: [attributeOf('CKA_LABEL', data)],
    },
    C_FindObjectsInit: { kind: 'C_FindObjectsInit', session, template: [] },
    C_FindObjects: { kind: 'C_FindObjects', session, most: 10 },
    C_FindObjectsFinal: { kind: 'C_FindObjectsFinal', session },
    C_EncryptInit: { kind: 'C_EncryptInit', session, mechanism: gcm(), key: at.aes },
    C_Encrypt: { kind: 'C_Encrypt', session, data },
    C_EncryptUpdate: { kind: 'C_EncryptUpdate', session, data },
    C_EncryptFinal: { kind: 'C_EncryptFinal', session },
    C_DecryptInit: { kind: 'C_DecryptInit', session, mechanism: gcm(), key: at.aes },
    C_Decrypt: { kind: 'C_Decrypt', session, data },
    C_DecryptUpdate: { kind: 'C_DecryptUpdate', session, data },
    C_DecryptFinal: { kind: 'C_DecryptFinal', session },
    C_DigestInit: { kind: 'C_DigestInit', session, mechanism: plain('CKM_SHA256') },
    C_Digest: { kind: 'C_Digest', session, data },
    C_DigestUpdate: { kind: 'C_DigestUpdate', session, data },
    C_DigestFinal: { kind: 'C_DigestFinal', session },
    C_SignInit: { kind: 'C_SignInit', session, mechanism: plain('CKM_EDDSA'), key: at.privateKey },
    C_Sign: { kind: 'C_Sign', session, data },
    C_SignUpdate: { kind: 'C_SignUpdate', session, data },
    C_SignFinal: { kind: 'C_SignFinal', session },
    C_VerifyInit: { kind: 'C_VerifyInit', session, mechanism: plain('CKM_EDDSA'), key: at.publicKey },
    C_Verify: { kind: 'C_Verify', session, data, signature: new Uint8Array(64) },
    C_VerifyUpdate: { kind: 'C_VerifyUpdate', session, data },
    C_VerifyFinal: { kind: 'C_VerifyFinal', session, signature: new Uint8Array(64) },
    C_GenerateKey: {
      kind: 'C_GenerateKey',
      session,
      mechanism: plain('CKM_AES_KEY_GEN'),
      template: [attributeOf('CKA_VALUE_LEN', 16)],
    },
    C_GenerateKeyPair: {
      kind: 'C_GenerateKeyPair',
      session,
      mechanism: plain('CKM_EC_EDWARDS_KEY_PAIR_GEN'),
      publicTemplate: [attributeOf('CKA_EC_PARAMS', hex('06032b6570'))],
      privateTemplate: [],
    },
    C_WrapKey: {
      kind: 'C_WrapKey',
      session,
      mechanism: plain('CKM_AES_KEY_WRAP_KWP'),
      wrapping: at.wrapper,
      key: at.aes,
    },
    C_UnwrapKey: {
      kind: 'C_UnwrapKey',
      session,
      mechanism: plain('CKM_AES_KEY_WRAP_KWP'),
      unwrapping: at.wrapper,
      wrapped: new Uint8Array(40),
      template: [attributeOf('CKA_CLASS', 4), attributeOf('CKA_KEY_TYPE', 0x1f)],
    },
    C_DeriveKey: {
      kind: 'C_DeriveKey',
      session,
      mechanism: {
        type: 0x402a,
        parameter: { kind: 'hkdf', salt: data, purpose: data },
      },
      base: at.secret,
      template: [attributeOf('CKA_CLASS', 4), attributeOf('CKA_KEY_TYPE', 0x10)],
    },
    C_GenerateRandom: { kind: 'C_GenerateRandom', session, length: 8 },
  };
}
