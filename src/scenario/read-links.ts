import { AT_THE_END } from './directory.ts';
import { deviceNamed, type Reading } from './reading.ts';
import type { Link, Path } from './scenario.ts';
import type { LinkText } from './scenario-text.ts';

/** What the file says of links. Their ends may be devices that a step creates. */
export function readLinks(reading: Reading, texts: readonly LinkText[]): readonly Link[] {
  return texts.flatMap(({ between, mtu }, index): readonly Link[] => {
    const where: Path = ['provider', 'links', index];
    const [one, other] = between.map((name, end) =>
      deviceNamed(reading, name, [...where, 'between', end], AT_THE_END),
    );
    if (one == null || other == null) return [];
    return [{ ...reading.said(where), ends: [one, other], mtu: mtu ?? null }];
  });
}
