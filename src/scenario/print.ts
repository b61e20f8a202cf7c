import { Document, isMap, isScalar, isSeq, type Node, type Pair, visit } from 'yaml';
import type { ScenarioText } from './scenario-text.ts';

const WIDTH = 110;
/** What is shorter, in JSON, goes on one line. */
const SHORT = 90;
/** Steps and claims stand one under the other: document, map, pair, list. */
const ABOVE_STEPS = 4;

/**
 * A scenario as the text of its file: the same that a person would write, and `loadScenario` reads the same back.
 * Keys come in the order they have.
 */
export function printScenario(scenario: ScenarioText): string {
  const document = new Document(scenario, { aliasDuplicateObjects: false });
  const top = document.contents;
  if (isMap(top)) {
    top.items.forEach((pair, index) => {
      const blank = index > 0 && isNested(pair.value);
      if (blank && isScalar(pair.key)) pair.key.spaceBefore = true;
    });
  }
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && isDelicate(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
    Pair: (_, pair) => {
      portsArePlain(pair);
    },
    Collection: (_, node, path) => {
      if (path.length > ABOVE_STEPS && isShort(node)) node.flow = true;
    },
  });
  const printed = document.toString({ lineWidth: WIDTH, flowCollectionPadding: true, singleQuote: null });
  return printed.replace(UNPRINTABLE, escaped);
}

/** Entries of a list, each as one line of YAML. */
export function printLines(entries: readonly unknown[]): string {
  return entries.map((entry) => `- ${printLine(entry)}\n`).join('');
}

function printLine(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && isLong(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
    Pair: (_, pair) => {
      portsArePlain(pair);
    },
    Collection: (_, node) => {
      node.flow = true;
    },
  });
  return document
    .toString({ lineWidth: 0, flowCollectionPadding: true, singleQuote: null })
    .trimEnd()
    .replace(UNPRINTABLE, escaped);
}

function isLong(text: string): boolean {
  return text.includes('\n') || isDelicate(text);
}

/** What YAML does not let stand in a file, or what would not survive an editor; line ends aside. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/gu;

/** Text that only double quotes keep as it is: block text loses blanks at the ends of lines. */
function isDelicate(text: string): boolean {
  return text.search(UNPRINTABLE) >= 0 || (text.includes('\n') && /^\s|\s$|\s\n|\n\s/.test(text));
}

/** Stands in double quotes, because {@link isDelicate} put it there. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function isNested(value: unknown): boolean {
  return isMap(value) || isSeq(value);
}

/** Ports are written as numbers, although keys are text. */
function portsArePlain(pair: Pair): void {
  if (isScalar(pair.key) && typeof pair.key.value === 'string' && /^(0|[1-9]\d{0,4})$/.test(pair.key.value)) {
    pair.key.value = Number(pair.key.value);
  }
}

/** Whether everything inside fits one line and goes at most two levels down. */
function isShort(node: Node): boolean {
  const depth = depthOf(node);
  return depth <= 2 && JSON.stringify(node.toJSON()).length <= SHORT;
}

function depthOf(node: unknown): number {
  if (isMap(node)) return 1 + Math.max(0, ...node.items.map((pair) => depthOf(pair.value)));
  if (isSeq(node)) return 1 + Math.max(0, ...node.items.map(depthOf));
  return 0;
}
