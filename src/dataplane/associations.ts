/** How many numbers a receiver looks back (RFC 4303 3.4.3: 64 is the default; implementations of WireGuard keep thousands). */
export const REPLAY_WINDOW = 64;

/** What one gateway remembers of one direction of a channel. Plain values: a new one for each change. */
export interface Association {
  /** the number of the last packet that was sealed, 0 before the first */
  readonly sent: number;
  readonly window: ReplayWindow;
}

/** Which packets were opened: bit `n` says that `highest - n` was. */
export interface ReplayWindow {
  /** the highest number that was authentic, 0 before the first */
  readonly highest: number;
  /** bits 0 to 31, as an unsigned number */
  readonly near: number;
  /** bits 32 to 63 */
  readonly far: number;
}

export const NEW_ASSOCIATION: Association = { sent: 0, window: { highest: 0, near: 0, far: 0 } };

/** What a gateway remembers once it has sealed or opened one more packet. */
export function used(
  { sent, window }: Association,
  change:
    | { readonly kind: 'sealed'; readonly sequence: number }
    | { readonly kind: 'opened'; readonly window: ReplayWindow },
): Association {
  return change.kind === 'sealed' ? { sent: change.sequence, window } : { sent, window: change.window };
}

/** Whether a number was never seen and is not older than the window. Zero is never sent (RFC 4303 3.3.3). */
export function isFresh({ highest, near, far }: ReplayWindow, sequence: number): boolean {
  if (sequence === 0) return false;
  if (sequence > highest) return true;
  const age = highest - sequence;
  if (age >= REPLAY_WINDOW) return false;
  return (age < 32 ? (near >>> age) & 1 : (far >>> (age - 32)) & 1) === 0;
}

/** The window once a fresh number turned out to be authentic. Its highest number never goes back. */
export function advanced(window: ReplayWindow, sequence: number): ReplayWindow {
  const { highest, near, far } = window;
  if (sequence <= highest) {
    const age = highest - sequence;
    return age < 32
      ? { highest, near: (near | (1 << age)) >>> 0, far }
      : { highest, near, far: (far | (1 << (age - 32))) >>> 0 };
  }
  const steps = sequence - highest;
  if (steps >= REPLAY_WINDOW) return { highest: sequence, near: 1, far: 0 };
  if (steps >= 32) return { highest: sequence, near: 1, far: shifted(near, steps - 32) };
  const carried = steps === 0 ? 0 : near >>> (32 - steps);
  return {
    highest: sequence,
    near: (shifted(near, steps) | 1) >>> 0,
    far: (shifted(far, steps) | carried) >>> 0,
  };
}

function shifted(bits: number, steps: number): number {
  return (bits << steps) >>> 0;
}
