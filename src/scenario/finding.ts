/** What came of one thing that was expected. */
export interface Finding {
  readonly name: string;
  readonly passed: boolean;
  /** what was got; for a failure also what was expected */
  readonly message: string;
  readonly line: number;
  /** whose packet, where several were sent */
  readonly sender?: string;
}
