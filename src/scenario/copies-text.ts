/* Modules that are kept in step, as a file says it. */

export interface ReplicateText {
  readonly from: string;
  readonly between: readonly string[];
  readonly partition: string;
  readonly login: string;
  readonly by?: 'public-keys' | 'zone-key';
  readonly every?: string;
}
