/** What a matcher says of a network. */
export interface Judgement {
  /** `undecided` fails both ways round: neither `expect(…)` nor `expect(…).not` may rest on it */
  readonly verdict: 'holds' | 'fails' | 'undecided';
  /** what was looked for: `deliver - { send: … } to hsm-326` */
  readonly sought: string;
  /** what was found instead, or found where nothing should have been */
  readonly found: string;
  /** a trace, a proof: why */
  readonly evidence: string;
}

/** What `expect.extend` wants of a matcher. */
export interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

export function matched(isNot: boolean, { verdict, sought, found, evidence }: Judgement): Matched {
  const pass = verdict === 'undecided' ? isNot : verdict === 'holds';
  const message = () =>
    `expected the network ${isNot ? 'not ' : ''}to ${sought}\nbut ${found}\n\n${evidence.trimEnd()}\n`;
  return { pass, message };
}
