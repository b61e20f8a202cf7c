import type { Breakable } from './scenario.ts';

/** What fails or heals, in a few words. */
export function partText(part: Breakable): string {
  switch (part.kind) {
    case 'device':
      return part.device.name;
    case 'link':
      return part.ends.map((end) => end.name).join('--');
    case 'zone':
      return `zone ${part.name}`;
    case 'power':
      return `power ${part.name}`;
    case 'channel':
      return `the channel of ${part.customer}`;
  }
}
