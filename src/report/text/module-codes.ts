import { CODES, type Code } from '../../hsm/index.ts';
import type { CodeTable } from './codes.ts';

/** Scenarios in which a security module gives this answer. */
const SHOWN_BY: { readonly [Key in Code]?: string } = {
  CKR_PIN_INCORRECT: 'scenarios/fig4.yaml',
  CKR_ATTRIBUTE_SENSITIVE: 'scenarios/fig4.yaml',
  CKR_SESSION_HANDLE_INVALID: 'scenarios/fig4.yaml',
  PASSWORD_EXPIRED: 'scenarios/fig4.yaml',
  NOT_AUTHENTICATED: 'scenarios/fig4.yaml',
  NOT_AUTHORIZED: 'scenarios/fig4.yaml',
  CKR_USER_NOT_LOGGED_IN: 'scenarios/separation-of-duties.yaml',
  QUORUM: 'scenarios/separation-of-duties.yaml',
  CKR_OBJECT_HANDLE_INVALID: 'scenarios/hsm-sync.yaml',
  NO_ZONE_KEY: 'scenarios/backup-restore-mbk.yaml',
  TRUST_ZONE: 'scenarios/backup-restore-mbk.yaml',
  BAD_VALUE: 'scenarios/backup-restore-mbk.yaml',
  CKR_SLOT_ID_INVALID: 'scenarios/cloud-shared-tbk.yaml',
  CKR_SIGNATURE_INVALID: 'scenarios/hsm-life.yaml',
  CKR_PIN_LOCKED: 'scenarios/hsm-life.yaml',
  POLICY: 'scenarios/hsm-life.yaml',
  WRONG_STATE: 'scenarios/hsm-life.yaml',
  GRACE_PERIOD: 'scenarios/suspension.yaml',
  CKR_DEVICE_ERROR: 'scenarios/tamper.yaml',
  TAMPERED: 'scenarios/tamper.yaml',
};

/** What security modules answer, for `vnsim explain`. */
export const MODULE_CODES: CodeTable = Object.fromEntries(
  Object.entries(CODES).map(([code, { number, meaning }]) => {
    const shownBy = SHOWN_BY[code as Code];
    const entry = { title: meaning, meaning: meaningOf(code, number, meaning) };
    return [code, shownBy === undefined ? entry : { ...entry, shownBy }];
  }),
);

function meaningOf(code: string, number: number, meaning: string): string {
  const said = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
  const whom = code.startsWith('CKR_')
    ? 'A security module answers so at its data port, as PKCS#11 has it'
    : 'A security module answers so at its console, and to clients by its number, which is its own';
  return `${said} ${whom} (0x${number.toString(16)}). Who may do what stands in docs/HSM.md.`;
}
