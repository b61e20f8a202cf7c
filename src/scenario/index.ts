export type { Claim, ClaimText, Party } from './claims.ts';
export { type CodeExplanation, DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostic-codes.ts';
export { byPlace, type Complaint, type Diagnostic, diagnostic, type Spot } from './diagnostics.ts';
export type * from './run-report.ts';
export type * from './scenario.ts';
export type * from './scenario-text.ts';
export { nearest } from './wording.ts';
