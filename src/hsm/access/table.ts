import type { CommandKind } from '../device/commands.ts';
import type { Life } from '../device/state.ts';
import { type Access, LIVES } from './access.ts';
import type { Role } from './role.ts';

/*
 * Who may do what, and when: the only place where it stands. `judge` reads it for every request, the documentation prints
 * it, and a test walks through all its cells.
 */

const EVERYBODY: readonly Role[] = [
  'nobody',
  'provider-admin',
  'unactivated-admin',
  'incoming-admin',
  'customer-admin',
  'security-officer',
];
const LOGGED_IN: readonly Role[] = EVERYBODY.filter((role) => role !== 'nobody');
const ADMINISTRATORS: readonly Role[] = ['incoming-admin', 'customer-admin'];
const CONNECTED: readonly Role[] = ['client', 'partition-officer', 'crypto-officer', 'crypto-user'];
const KEY_USERS: readonly Role[] = ['crypto-officer', 'crypto-user'];
const IN_USE: readonly Life[] = ['initialised'];
const WITH_CUSTOMER: readonly Life[] = ['owned', 'initialised', 'zeroised'];

const BASE: Access = {
  door: 'second',
  roles: [],
  lives: LIVES,
  conditions: ['ready'],
  under: null,
  quorum: false,
  custody: false,
  logged: true,
};

const AT_PANEL: Access = { ...BASE, door: 'panel', roles: ['hands'] };
const BY_PROVIDER: Access = { ...BASE, door: 'first', roles: ['provider-admin'] };
const BY_OFFICER: Access = { ...BASE, roles: ['security-officer'], lives: IN_USE };
const READ_BY_OFFICER: Access = { ...BY_OFFICER, logged: false };
const BY_CUSTODIAN: Access = {
  ...BY_OFFICER,
  door: 'both',
  roles: ['security-officer', 'provider-admin'],
  custody: true,
};
const BY_CLIENT: Access = { ...BASE, door: 'client', roles: CONNECTED, lives: IN_USE, logged: false };
const BY_CRYPTO_OFFICER: Access = {
  ...BY_CLIENT,
  roles: ['crypto-officer'],
  under: { policy: 'officer-uses-keys', roles: ['partition-officer'] },
};
const BY_KEY_USER: Access = { ...BY_CRYPTO_OFFICER, roles: KEY_USERS };

export const ACCESS: { readonly [Kind in CommandKind]: Access } = {
  'power-on': { ...AT_PANEL, conditions: ['off'] },
  'power-off': { ...AT_PANEL, conditions: ['suspended', 'tampered', 'ready'] },
  tamper: { ...AT_PANEL, conditions: ['off', 'suspended', 'tampered', 'ready'] },
  suspend: { ...AT_PANEL, conditions: ['tampered', 'ready'] },
  'restore-service': { ...AT_PANEL, conditions: ['suspended'] },
  reclaim: { ...AT_PANEL, conditions: ['suspended'] },
  'channel-closed': { ...AT_PANEL, conditions: ['off', 'suspended', 'tampered', 'ready'], logged: false },
  'application-closed': { ...AT_PANEL, conditions: ['off', 'suspended', 'tampered', 'ready'], logged: false },

  login: { ...BASE, door: 'both', roles: ['nobody'] },
  logout: { ...BASE, door: 'both', roles: LOGGED_IN },
  show: { ...BASE, door: 'both', roles: EVERYBODY, conditions: ['tampered', 'ready'], logged: false },
  'show-log': {
    ...BASE,
    door: 'both',
    roles: ['provider-admin', 'customer-admin', 'security-officer'],
    logged: false,
  },
  'change-password': { ...BASE, door: 'both', roles: LOGGED_IN },
  'set-log-target': { ...BASE, door: 'both', roles: ['provider-admin', 'customer-admin'] },
  'set-clock': { ...BASE, door: 'both', roles: ['provider-admin', 'customer-admin'] },
  'upgrade-firmware': { ...BASE, door: 'both', roles: ['provider-admin', 'customer-admin'] },
  zeroise: {
    ...BASE,
    door: 'both',
    roles: ['provider-admin', 'customer-admin'],
    conditions: ['tampered', 'ready'],
  },

  'create-administrator': BY_PROVIDER,
  'set-network': BY_PROVIDER,
  'factory-reset': { ...BY_PROVIDER, lives: ['factory', 'handover-pending', 'zeroised'] },

  initialise: { ...BASE, roles: ADMINISTRATORS, lives: WITH_CUSTOMER },
  'create-officer': { ...BASE, roles: ['customer-admin'], lives: IN_USE },
  'delete-officer': { ...BASE, roles: ['customer-admin'], lives: IN_USE },
  'regenerate-identity': { ...BASE, roles: ['customer-admin'], lives: WITH_CUSTOMER },

  propose: BY_OFFICER,
  approve: BY_OFFICER,
  'create-partition': BY_OFFICER,
  'delete-partition': { ...BY_OFFICER, quorum: true },
  'list-partitions': READ_BY_OFFICER,
  'reinitialise-partition': { ...BY_OFFICER, quorum: true },
  'set-pin': BY_OFFICER,
  'register-client': BY_OFFICER,
  'delete-client': BY_OFFICER,
  'list-clients': READ_BY_OFFICER,
  'assign-client': BY_OFFICER,
  'revoke-client': BY_OFFICER,
  'change-policy': { ...BY_OFFICER, quorum: true },

  'entrust-zone': { ...BY_OFFICER, quorum: true },
  'generate-zone-key': BY_CUSTODIAN,
  'read-card': BY_CUSTODIAN,
  'unload-zone-key': BY_CUSTODIAN,
  'list-zones': { ...READ_BY_OFFICER, door: 'both', roles: ['security-officer', 'provider-admin'] },
  backup: BY_CUSTODIAN,
  'fetch-backup': BY_CUSTODIAN,
  restore: BY_CUSTODIAN,
  'trust-peer': BY_OFFICER,
  'distrust-peer': BY_OFFICER,
  'copy-out': BY_CUSTODIAN,
  'copy-in': BY_CUSTODIAN,

  'present-pin': { ...BASE, door: 'rped', roles: ['pin-device'], lives: IN_USE },

  C_Initialize: BY_CLIENT,
  C_Finalize: BY_CLIENT,
  C_GetInfo: BY_CLIENT,
  C_GetSlotList: BY_CLIENT,
  C_GetSlotInfo: BY_CLIENT,
  C_GetTokenInfo: BY_CLIENT,
  C_GetMechanismList: BY_CLIENT,
  C_GetMechanismInfo: BY_CLIENT,
  C_InitToken: { ...BY_CLIENT, logged: true },
  C_InitPIN: { ...BY_CLIENT, roles: ['partition-officer'], logged: true },
  C_SetPIN: { ...BY_CLIENT, roles: ['partition-officer', 'crypto-officer', 'crypto-user'], logged: true },
  C_OpenSession: BY_CLIENT,
  C_CloseSession: BY_CLIENT,
  C_CloseAllSessions: BY_CLIENT,
  C_GetSessionInfo: BY_CLIENT,
  C_Login: { ...BY_CLIENT, logged: true },
  C_Logout: { ...BY_CLIENT, roles: ['partition-officer', 'crypto-officer', 'crypto-user'], logged: true },
  C_CreateObject: { ...BY_CRYPTO_OFFICER, logged: true },
  C_DestroyObject: { ...BY_CRYPTO_OFFICER, logged: true },
  C_GetAttributeValue: BY_CLIENT,
  // Officers of partitions set CKA_TRUSTED and nothing else.
  C_SetAttributeValue: { ...BY_CLIENT, roles: ['partition-officer', 'crypto-officer'], logged: true },
  C_FindObjectsInit: BY_CLIENT,
  C_FindObjects: BY_CLIENT,
  C_FindObjectsFinal: BY_CLIENT,
  C_EncryptInit: BY_KEY_USER,
  C_Encrypt: BY_KEY_USER,
  C_EncryptUpdate: BY_KEY_USER,
  C_EncryptFinal: BY_KEY_USER,
  C_DecryptInit: BY_KEY_USER,
  C_Decrypt: BY_KEY_USER,
  C_DecryptUpdate: BY_KEY_USER,
  C_DecryptFinal: BY_KEY_USER,
  C_DigestInit: BY_CLIENT,
  C_Digest: BY_CLIENT,
  C_DigestUpdate: BY_CLIENT,
  C_DigestFinal: BY_CLIENT,
  C_SignInit: BY_KEY_USER,
  C_Sign: BY_KEY_USER,
  C_SignUpdate: BY_KEY_USER,
  C_SignFinal: BY_KEY_USER,
  C_VerifyInit: BY_KEY_USER,
  C_Verify: BY_KEY_USER,
  C_VerifyUpdate: BY_KEY_USER,
  C_VerifyFinal: BY_KEY_USER,
  C_GenerateKey: { ...BY_CRYPTO_OFFICER, logged: true },
  C_GenerateKeyPair: { ...BY_CRYPTO_OFFICER, logged: true },
  C_WrapKey: { ...BY_CRYPTO_OFFICER, logged: true },
  C_UnwrapKey: { ...BY_CRYPTO_OFFICER, logged: true },
  C_DeriveKey: { ...BY_CRYPTO_OFFICER, logged: true },
  C_GenerateRandom: BY_CLIENT,
};
