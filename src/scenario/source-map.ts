import type { Source } from '../base/index.ts';
import { type Diagnostic, diagnostic, placeOfWord } from './diagnostics.ts';
import type { Path } from './scenario.ts';
import type { Fault } from './shape.ts';
import type { SourceText } from './source-text.ts';
import type { Extent, Place } from './yaml-values.ts';

/** Finds what a path leads to in the file. */
export interface SourceMap {
  readonly sourceOf: (where: Path) => Source;
  readonly textAt: (where: Path) => string;
  readonly diagnose: (fault: Fault) => Diagnostic;
}

export function sourceMap(root: Place, source: SourceText): SourceMap {
  const extentOf = (where: Path, mark: 'key' | 'value'): Extent => {
    let place = root;
    for (const key of where) {
      const inner = place.inside.get(key);
      if (inner === undefined) break;
      place = inner;
    }
    return mark === 'key' ? (place.key ?? place.value) : place.value;
  };
  return {
    sourceOf(where) {
      const { line, column } = source.spot(...extentOf(where, 'key'));
      return { file: source.file, line, column };
    },
    textAt(where) {
      const [from, to] = extentOf(where, 'value');
      return source.text.slice(from, to);
    },
    diagnose({ code, where, complaint }) {
      const extent = extentOf(where, complaint.mark ?? 'value');
      return diagnostic(
        code,
        source.file,
        source.spot(...within(source.text, extent, complaint.part)),
        complaint,
      );
    },
  };
}

/** The word that is meant, where it stands there as it was read. */
function within(text: string, [from, to]: Extent, word: string | undefined): Extent {
  const at = word === undefined ? -1 : placeOfWord(text.slice(from, to), word);
  return word === undefined || at < 0 ? [from, to] : [from + at, from + at + word.length];
}
