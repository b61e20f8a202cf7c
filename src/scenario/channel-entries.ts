import { entriesIn, inside, listIn } from './loose-values.ts';

/** A channel between premises and virtual network, as far as a file can be understood. */
export interface ChannelEntry {
  readonly customer: string;
  /** index of the step that opens it; -1: there from the start */
  readonly since: number;
  readonly kind: unknown;
}

/** Channels that the file declares, and those that a step opens. */
export function channelsIn(value: unknown): readonly ChannelEntry[] {
  const declared = entriesIn(value, 'customers').map(([customer, text]) => ({
    customer,
    since: -1,
    kind: inside(inside(text, 'channel'), 'kind'),
  }));
  const opened = listIn(value, 'steps').map((step, since) => {
    const request = inside(step, 'open-channel');
    return { customer: String(inside(request, 'customer')), since, kind: inside(request, 'kind') };
  });
  return [...declared, ...opened].filter(({ kind }) => kind !== undefined);
}
