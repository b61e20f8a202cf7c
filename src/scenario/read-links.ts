import { AT_THE_END } from './directory.ts';
import { parseDuration } from './duration.ts';
import { deviceNamed, type Reading, sure } from './reading.ts';
import type { Link, Path } from './scenario.ts';
import type { LinkText } from './scenario-text.ts';

/** What the file says of links. Their ends may be devices that a step creates. */
export function readLinks(reading: Reading, texts: readonly LinkText[]): readonly Link[] {
  return texts.flatMap(({ between, mtu, latency }, index): readonly Link[] => {
    const where: Path = ['provider', 'links', index];
    const [one, other] = between.map((name, end) =>
      deviceNamed(reading, name, [...where, 'between', end], AT_THE_END),
    );
    if (one == null || other == null) return [];
    const taken = latency === undefined ? null : sure(parseDuration(latency));
    return [{ ...reading.said(where), ends: [one, other], mtu: mtu ?? null, latency: taken }];
  });
}
