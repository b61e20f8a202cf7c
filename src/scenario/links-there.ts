import { distance } from 'fastest-levenshtein';

const MOST = 6;

/** Links that one may have meant by `written`, the nearest first; `null` where there are none. */
export function linksThere(written: string, links: readonly string[]): string | null {
  if (links.length === 0) return null;
  const turned = written.split('--').reverse().join('--');
  const apart = (link: string) => Math.min(distance(written, link), distance(turned, link));
  const near = [...new Set(links)].sort((one, other) => apart(one) - apart(other));
  return `links there: ${near.slice(0, MOST).join(', ')}`;
}
