/**
 * Who somebody is to the module, worked out for each request from the login of its channel or of its slot. Numerals
 * are those of FIG. 4; the titles say what Luna and PKCS#11 call the role.
 */
export const ROLES = {
  hands: 'whoever stands at the machine and its switches: power, cables, the case',
  nobody: 'at the console (406), not logged in',
  'provider-admin': 'CRP HSM administrator 408, the first interface',
  'unactivated-admin': 'customer HSM administrator 410 with the password it was handed',
  'incoming-admin':
    'customer HSM administrator 410 that does not own what is on the module (made later, trap T1)',
  'customer-admin': 'customer HSM administrator 410 that owns the module, the second interface',
  'security-officer': 'customer security officer 412 (Luna: HSM SO)',
  stranger: 'a connection whose certificate is not registered',
  client: 'a registered client that is not logged in to the partition',
  'partition-officer': 'security officer of a partition (PKCS#11: CKU_SO; Luna: Partition SO)',
  'crypto-officer': 'owner of the keys of a partition (PKCS#11: CKU_USER; Luna: Crypto Officer)',
  'pin-device': 'a PIN entry device that was built for modules of this model (RPED 214)',
  'strange-pin-device': 'a PIN entry device of another make or for another model',
  'crypto-user': 'uses the keys of a partition and makes none (Luna: Crypto User)',
} as const;

export type Role = keyof typeof ROLES;

export const ALL_ROLES: readonly Role[] = Object.keys(ROLES) as readonly Role[];

/** Roles of the console, port 22. */
export const CONSOLE_ROLES: readonly Role[] = [
  'nobody',
  'provider-admin',
  'unactivated-admin',
  'incoming-admin',
  'customer-admin',
  'security-officer',
];

/** Roles of clients, port 1792. */
export const CLIENT_ROLES: readonly Role[] = [
  'stranger',
  'client',
  'partition-officer',
  'crypto-officer',
  'crypto-user',
];
