import { type Look, printable, renderDiagnostic } from '../report/index.ts';
import type { Diagnostic } from '../scenario/index.ts';
import type { UsageComplaint } from './complaint.ts';
import { complain, lookOf, printJson } from './terminal.ts';

/** The most that anybody reads; the rest is counted. */
const MOST = 50;

type Complaint = UsageComplaint | Diagnostic;

/** Complaints and warnings as text, on standard error. */
export function tell(complaints: readonly Complaint[]): void {
  if (complaints.length === 0) return;
  const look = lookOf(process.stderr);
  const texts = complaints.slice(0, MOST).map((one) => textOf(one, look));
  const more = complaints.length - texts.length;
  if (more > 0) texts.push(printable(look, `… and ${more} more`));
  complain(`${texts.join('\n\n')}\n`);
}

/** The same as one document on standard output. */
export function printComplaints(complaints: readonly Complaint[]): void {
  printJson({ schema: 'vnsim.diagnostics/1', diagnostics: complaints.map(asDiagnostic) });
}

function textOf(complaint: Complaint, look: Look): string {
  if ('severity' in complaint) return renderDiagnostic(complaint, look);
  const { code, message, help } = complaint;
  const { bad, strong, dim } = look.palette;
  const head = `${bad(`error[${code}]`)}  ${strong(printable(look, message))}`;
  return help === null ? head : `${head}\n   ${dim('=')} ${printable(look, help)}`;
}

/** The fields of a complaint about a scenario; line 0 says that no line is meant. */
function asDiagnostic(complaint: Complaint): object {
  if ('severity' in complaint) return complaint;
  const { code, message, help } = complaint;
  const nowhere = { file: null, line: 0, column: 0, length: 0, excerpt: null };
  return { severity: 'error', code, message, ...nowhere, help };
}
