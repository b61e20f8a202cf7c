import { PLAIN_LOOK, renderDiagnostics } from '../report/index.ts';
import type { Diagnostic } from '../scenario/index.ts';
import type { CallCode } from './call-codes.ts';

/** What is wrong with what was handed over, and a way out. */
export interface Complaint {
  readonly severity: 'error' | 'warning';
  /** `vnsim explain CODE` says more */
  readonly code: Diagnostic['code'] | CallCode;
  /** one sentence, lower-case start, no full stop */
  readonly message: string;
  /** a way out: what may have been meant, or what would be right */
  readonly help: string | null;
  /** `null` where the complaint is about a call and not about a text */
  readonly file: string | null;
  /** from 1; 0 where no line is meant */
  readonly line: number;
  /** in UTF-16 units, from 1; 0 where no line is meant */
  readonly column: number;
  /** how much of the line is meant; 0 where no line is meant */
  readonly length: number;
  /** the line itself */
  readonly excerpt: string | null;
}

/**
 * What every function of the library throws when it is given something wrong, and nothing else: everything that is wrong at
 * once. The message is the text that the command line would print.
 */
export class VnsimError extends Error {
  override readonly name = 'VnsimError';
  readonly complaints: readonly Complaint[];

  constructor(complaints: readonly Complaint[]) {
    super(`\n${renderDiagnostics(complaints, PLAIN_LOOK)}`);
    this.complaints = complaints;
  }

  /** One complaint about a call. */
  static about(code: CallCode, message: string, help: string | null = null): VnsimError {
    const nowhere = { file: null, line: 0, column: 0, length: 0, excerpt: null };
    return new VnsimError([{ severity: 'error', code, message, help, ...nowhere }]);
  }
}
