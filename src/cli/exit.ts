/** Exit codes of the command. */
export const EXIT = {
  /** all as expected */
  ok: 0,
  /** an expectation or a claim failed */
  failed: 1,
  /** bad usage, or a bad scenario */
  usage: 2,
  /** some claim could neither be proved nor refuted, and none was refuted */
  undecided: 3,
  /** our own mistake */
  internal: 70,
  /** interrupted */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
