import type { Complaint } from '../library/index.ts';
import type { Diagnostic } from '../scenario/index.ts';
import type { UsageCode } from './usage-codes.ts';

/** A complaint about the call or about a file as a whole. */
export interface UsageComplaint {
  readonly code: UsageCode;
  readonly message: string;
  /** a way out */
  readonly help: string | null;
}

/** Whatever a user can mend. */
export type AnyComplaint = UsageComplaint | Diagnostic | Complaint;

/** What ends a command with exit code 2: everything that is wrong, told at once. Nothing was done. */
export class Complaints extends Error {
  override readonly name = 'Complaints';
  readonly all: readonly AnyComplaint[];

  constructor(all: readonly AnyComplaint[]) {
    super(all.map(({ message }) => message).join('; '));
    this.all = all;
  }
}

/** One complaint, to be thrown. */
export function complaint(code: UsageCode, message: string, help: string | null = null): Complaints {
  return new Complaints([{ code, message, help }]);
}
