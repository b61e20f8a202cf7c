import { isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Complaint } from './diagnostics.ts';
import type { SourceText } from './source-text.ts';
import { quoted } from './wording.ts';

/** From one offset of the text to before another. */
export type Extent = readonly [from: number, to: number];

/** Where a value stands, and what is inside it. */
export interface Place {
  /** `null` for the top of the file and for entries of lists */
  readonly key: Extent | null;
  readonly value: Extent;
  readonly inside: ReadonlyMap<string | number, Place>;
}

/** A YAML file as plain values: maps (without prototype), lists, text, numbers, booleans and null. */
export interface YamlTree {
  readonly value: unknown;
  readonly place: Place;
  /** what stands under a key that its map had already: no part of the value */
  readonly repeated: ReadonlyMap<object, Repeated>;
}

export type Repeated = readonly (readonly [key: string, value: unknown])[];

type Visited = Pick<YamlTree, 'value' | 'place'>;

export type Complain = (code: DiagnosticCode, extent: Extent | null, complaint: Complaint) => void;

/** Values after aliases are followed. */
const MOST_VALUES = 200_000;

const NOTHING_INSIDE: ReadonlyMap<string | number, Place> = new Map();

/**
 * Values and places of a parsed file.
 *
 * Complains of equal keys and of what scenarios do not use; `null` when the aliases cannot be followed.
 */
export function valuesOf(contents: Node, source: SourceText, complain: Complain): YamlTree | null {
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  const repeated = new Map<object, Repeated>();
  let values = 0;
  let lost = false;

  function visit(node: unknown, key: Extent | null, around: Extent): Visited {
    values += 1;
    if (values > MOST_VALUES || !isNode(node)) return leaf(null, key, around);
    const extent = extentOf(node, around);
    if (isAlias(node)) return follow(node.source, key, extent);

    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    open.add(node);
    const tree = isMap(node)
      ? ofMap(node, key, extent)
      : isSeq(node)
        ? ofList(node, key, extent)
        : leaf(isScalar(node) ? node.value : null, key, extent);
    open.delete(node);
    return tree;
  }

  function follow(name: string, key: Extent | null, extent: Extent): Visited {
    const target = anchors.get(name);
    if (target !== undefined && !open.has(target)) {
      const { value, place } = visit(target, key, extent);
      return { value, place: { ...place, key, value: extent } };
    }
    lost = true;
    complain('scenario/syntax', extent, {
      message:
        target === undefined
          ? `no anchor ${quoted(`&${name}`)} stands before this alias`
          : `the alias ${quoted(`*${name}`)} stands inside what it repeats`,
    });
    return leaf(null, key, extent);
  }

  function ofMap(map: YAMLMap<unknown, unknown>, key: Extent | null, extent: Extent): Visited {
    const value: { [name: string]: unknown } = Object.create(null);
    const inside = new Map<string | number, Place>();
    for (const pair of map.items) {
      const name = nameOf(pair.key, extent);
      if (name === null) continue;

      const entry = visit(pair.value, name.extent, name.extent);
      const earlier = inside.get(name.text);
      if (earlier !== undefined) {
        const line = source.spot(...(earlier.key ?? earlier.value)).line;
        complain('scenario/duplicate-key', name.extent, {
          message: `the key ${quoted(name.text)} stands twice in one map`,
          help: `the first is on line ${line}`,
        });
        repeated.set(value, [...(repeated.get(value) ?? []), [name.text, entry.value]]);
        continue;
      }
      value[name.text] = entry.value;
      inside.set(name.text, entry.place);
    }
    return { value, place: { key, value: extent, inside } };
  }

  function nameOf(key: unknown, around: Extent): { readonly text: string; readonly extent: Extent } | null {
    const extent = isNode(key) ? extentOf(key, around) : around;
    if (isScalar(key)) {
      const text = typeof key.value === 'string' ? key.value : (key.source ?? '');
      if (text !== '' && text !== '<<' && text !== '__proto__') return { text, extent };
    }
    const merge = isScalar(key) && key.value === '<<';
    complain('scenario/unsupported-yaml', extent, {
      message: merge
        ? 'merge keys (<<) are not used in scenarios'
        : 'this cannot be a key: a key is text, and not nothing, a list or a map',
      help: merge ? 'repeat the entries, or give the whole map as an alias' : null,
    });
    return null;
  }

  function ofList(list: YAMLSeq<unknown>, key: Extent | null, extent: Extent): Visited {
    const value: unknown[] = [];
    const inside = new Map<string | number, Place>();
    for (const [index, item] of list.items.entries()) {
      const entry = visit(item, null, extent);
      value.push(entry.value);
      inside.set(index, entry.place);
    }
    return { value, place: { key, value: extent, inside } };
  }

  const tree = visit(contents, null, extentOf(contents, [0, 0]));
  if (lost) return null;
  if (values <= MOST_VALUES) return { ...tree, repeated };
  complain('scenario/too-many-values', null, {
    message: `the file stands for more than ${MOST_VALUES} values when its aliases are followed`,
    help: 'are there aliases to things that are full of aliases?',
  });
  return null;
}

function leaf(value: unknown, key: Extent | null, extent: Extent): Visited {
  return { value, place: { key, value: extent, inside: NOTHING_INSIDE } };
}

function extentOf(node: Node, around: Extent): Extent {
  return node.range == null ? around : [node.range[0], node.range[1]];
}
