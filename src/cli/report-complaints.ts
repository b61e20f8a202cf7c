import { printable, renderDiagnostic, type Complaint as Shown } from '../report/index.ts';
import type { AnyComplaint } from './complaint.ts';
import { complain, lookOf, printJson } from './terminal.ts';

/** The most that anybody reads; the rest is counted. */
const MOST = 50;

/** Complaints and warnings as text, on standard error. */
export function tell(complaints: readonly AnyComplaint[]): void {
  if (complaints.length === 0) return;
  const look = lookOf(process.stderr);
  const texts = complaints.slice(0, MOST).map((one) => renderDiagnostic(asDiagnostic(one), look));
  const more = complaints.length - texts.length;
  if (more > 0) texts.push(printable(look, `… and ${more} more`));
  complain(`${texts.join('\n\n')}\n`);
}

/** The same as one document on standard output. */
export function printComplaints(complaints: readonly AnyComplaint[]): void {
  printJson({ schema: 'vnsim.diagnostics/1', diagnostics: complaints.map(asDiagnostic) });
}

/** The fields of a complaint about a scenario; line 0 says that no line is meant. */
function asDiagnostic(complaint: AnyComplaint): Shown {
  if ('severity' in complaint) return complaint;
  const { code, message, help } = complaint;
  return { severity: 'error', code, message, file: null, line: 0, column: 0, length: 0, excerpt: null, help };
}
