import type { z } from 'zod';
import { parseDirection, parseShare } from './misfortune-text.ts';
import type { ImpairText } from './scenario-text.ts';
import { duration, type Objection, parsed } from './schema-parts.ts';
import { quoted } from './wording.ts';

/** The part of a scenario file that says how a link misbehaves. */

const MISFORTUNES = ['loss', 'delay', 'duplicate', 'reorder', 'corrupt'] as const;

const share = (about: string): z.ZodType<string> => parsed('a share such as "10%"', parseShare, about);

type Text = z.ZodExactOptional<z.ZodType<string>>;

/** What `impair` says beside the part that it is about. */
export const misfortuneKeys: {
  readonly [Key in 'direction' | 'jitter' | (typeof MISFORTUNES)[number]]: Text;
} = {
  direction: parsed(
    'a direction',
    parseDirection,
    'Of a link `to hsm-326` or `from hsm-326`, of a device or zone `in` or `out`. Default: both.',
  ).exactOptional(),
  loss: share('Frames that never arrive: `10%`.').exactOptional(),
  delay: duration('How much longer every frame takes.').exactOptional(),
  jitter: duration(
    'A frame takes up to this much more or less, each for itself, so that frames overtake each other. At most the delay.',
  ).exactOptional(),
  duplicate: share('Frames that arrive twice.').exactOptional(),
  reorder: share('Frames that are held back for 1 ms, so that later ones overtake them.').exactOptional(),
  corrupt: share('Frames of which one bit is turned over, in what a checksum covers.').exactOptional(),
};

/** Something has to go wrong, and jitter is a part of the delay. */
export function misfortuneIsSensible(text: ImpairText): (Objection & { readonly message: string }) | null {
  if (!MISFORTUNES.some((key) => text[key] !== undefined)) {
    return {
      code: 'scenario/impairs-nothing',
      message: 'nothing is said to go wrong there',
      help: `at least one of: ${MISFORTUNES.join(', ')}`,
    };
  }
  if (text.jitter === undefined || text.delay !== undefined) return null;
  return {
    code: 'scenario/impairs-nothing',
    message: `${quoted('jitter')} is a part of the delay, and here is no delay`,
    help: 'say the delay too: delay: 5 ms, jitter: 2 ms',
    key: 'jitter',
  };
}
