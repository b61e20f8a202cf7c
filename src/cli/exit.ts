/** Exit codes of the command. */
export const EXIT = {
  /** all as expected */
  ok: 0,
  /** an expectation or a claim failed */
  failed: 1,
  /** bad usage, or a bad scenario */
  usage: 2,
  /** our own mistake */
  internal: 70,
  /** interrupted */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The user asked for something that cannot be done; ends the command with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: string;
  readonly help: string | null;

  constructor(code: string, message: string, help: string | null = null) {
    super(message);
    this.code = code;
    this.help = help;
  }
}
