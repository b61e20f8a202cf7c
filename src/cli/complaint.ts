import type { Diagnostic } from '../scenario/index.ts';
import type { UsageCode } from './usage-codes.ts';

/** A complaint about the call or about a file as a whole. */
export interface UsageComplaint {
  readonly code: UsageCode;
  readonly message: string;
  /** a way out */
  readonly help: string | null;
}

/** What ends a command with exit code 2: everything that is wrong, told at once. Nothing was done. */
export class Complaints extends Error {
  override readonly name = 'Complaints';
  readonly all: readonly (UsageComplaint | Diagnostic)[];

  constructor(all: readonly (UsageComplaint | Diagnostic)[]) {
    super(all.map(({ message }) => message).join('; '));
    this.all = all;
  }
}

/** One complaint, to be thrown. */
export function complaint(code: UsageCode, message: string, help: string | null = null): Complaints {
  return new Complaints([{ code, message, help }]);
}
