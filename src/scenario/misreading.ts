import type { AddressFault } from '../address/index.ts';
import { failure, type Result } from '../base/index.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';

/** Why a piece of text is not what it should be; where it stands is added by the loader. */
export interface Misreading {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help: string | null;
  /** the word that is wrong, where it is one */
  readonly part?: string;
}

export function misread(
  code: DiagnosticCode,
  message: string,
  help: string | null = null,
): Result<never, Misreading> {
  return failure({ code, message, help });
}

/** A reading of the address room as one of ours. */
export function fromAddress<Value>(reading: Result<Value, AddressFault>): Result<Value, Misreading> {
  if (reading.ok) return reading;
  const { code, message, nearMiss } = reading.fault;
  return misread(code, message, nearMiss === undefined ? null : `did you mean "${nearMiss}"?`);
}
