import { align, isGap } from './approximate.ts';

/** A way to write a claim, or to say one that is written otherwise. */
interface Template {
  /** letters one by one, and gaps */
  readonly parts: readonly string[];
  /** letters that are not in a gap */
  readonly fixed: number;
  /** the claim, where this is not how it is written: `{0}` is what stands in the first gap */
  readonly meant: string | null;
}

const FAILING = '[ although any one (zone|link|device|server|machine) fails]';

/** `{}` is a gap for one word and `{*}` one for all that follows; `[…]` may be left out, `(…|…)` is one of several. */
const TEMPLATES: readonly Template[] = [
  ...spelt('nothing [unasked ]from {} reaches {}[ {}]'),
  ...spelt('{} sees only (source|sources) {*}'),
  ...spelt('{} reaches {} only via {}'),
  ...spelt(`{} reaches {}[ or {}[ or {}]] {}${FAILING}`),
  ...spelt(`every request from {} to {} {} is answered[ from {}]${FAILING}`),
  ...spelt('no (address|identifier) of {} is seen beyond {}'),
  ...spelt('[from {} to {} ]equal to {}'),
  ...spelt('no loop'),
  ...spelt('no silent loss'),
  // what others say for it
  ...spelt('{} is isolated from {}', 'nothing from {0} reaches {1}'),
  ...spelt('{} is unreachable from {}', 'nothing from {1} reaches {0}'),
  ...spelt('{} (cannot|can not|does not|must not) reach {}', 'nothing from {0} reaches {1}'),
  ...spelt('{} never reaches {}', 'nothing from {0} reaches {1}'),
  ...spelt('{} can reach {} {}', '{0} reaches {1} {2}'),
  ...spelt('{} is reachable from {} {}', '{1} reaches {0} {2}'),
  ...spelt('{} reaches {} only through {}', '{0} reaches {1} only via {2}'),
  ...spelt('{} hears only {*}', '{0} sees only source {1}'),
  ...spelt('{} sees only {*}', '{0} sees only source {1}'),
];

function spelt(text: string, meant: string | null = null): readonly Template[] {
  return expanded(text).map((spelling) => {
    const parts = spelling.split(/(\{\*?\})/).flatMap((part) => (isGap(part) ? [part] : [...part]));
    return { parts, fixed: parts.filter((part) => !isGap(part)).length, meant };
  });
}

/** Every way to read the brackets, innermost first. */
function expanded(text: string): readonly string[] {
  const found = /\[([^[\]()]*)\]|\(([^[\]()]*)\)/.exec(text);
  if (found === null) return [text];
  const [whole, left, choice = ''] = found;
  const ways = left === undefined ? choice.split('|') : ['', left];
  const [before, after] = [text.slice(0, found.index), text.slice(found.index + whole.length)];
  return ways.flatMap((way) => expanded(`${before}${way}${after}`));
}

/** Nobody misspells a claim so long. */
const LONGEST = 240;

/**
 * Claims that a sentence is near to, the nearest first. Whether what stands in their gaps can be read is for the caller to see.
 *
 * @param most letters that may be wrong; by default more in a long form than in a short one
 */
export function claimsNear(sentence: string, most: number | null = null): readonly string[] {
  if (sentence.length > LONGEST) return [];
  const near = TEMPLATES.flatMap((template) => {
    const found = align(template.parts, sentence, most ?? 1 + Math.floor(template.fixed / 6));
    return found === null ? [] : [{ ...found, template }];
  });
  // of two that are equally near the one with more words of its own: it explains more of what was written
  near.sort((one, other) => one.cost - other.cost || other.template.fixed - one.template.fixed);
  return [...new Set(near.map(({ gaps, template }) => filled(template, gaps)))];
}

function filled({ parts, meant }: Template, gaps: readonly string[]): string {
  if (meant !== null) return meant.replace(/\{(\d)\}/g, (_, at) => gaps[Number(at)] ?? '');
  let gap = -1;
  return parts
    .map((part) => {
      if (!isGap(part)) return part;
      gap += 1;
      return gaps[gap] ?? '';
    })
    .join('');
}
