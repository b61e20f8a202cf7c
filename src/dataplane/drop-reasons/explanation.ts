/**
 * Why the simulated network dropped a packet: one entry a reason, stable for ever.
 *
 * A drop is a verdict of the network, not an error of ours or of the user. `title` completes
 * "dropped: …"; `meaning` is what `vnsim explain CODE` prints; `elsewhere` says what other tools call it;
 * `icmp` is what the sender hears, `shownBy` where to watch it.
 */
export interface DropExplanation {
  readonly title: string;
  readonly meaning: string;
  readonly elsewhere: string | null;
  readonly icmp: string | null;
  /** a scenario in which it happens; a reason that only forged frames meet has a test instead */
  readonly shownBy?: string;
}
