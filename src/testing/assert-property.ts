import fc from 'fast-check';
import { printLines } from '../scenario/index.ts';

/** As fast-check takes them: `{ seed, path, numRuns }` and the rest. */
export type PropertyOptions<Values> = fc.Parameters<Values>;

/**
 * `fc.assert` for networks: throws where a property does not hold, and shows the smallest network that was found in which it does
 * not, as the file it would be; what was sent; why it failed; and how to see exactly that again.
 *
 * @throws {PropertyFailed}
 */
export function assertProperty<Values>(
  property: fc.IAsyncPropertyWithHooks<Values>,
  options?: PropertyOptions<Values>,
): Promise<void>;
export function assertProperty<Values>(
  property: fc.IPropertyWithHooks<Values>,
  options?: PropertyOptions<Values>,
): void;
export function assertProperty<Values>(
  property: fc.IRawProperty<Values>,
  options?: PropertyOptions<Values>,
): void | Promise<void> {
  const details = fc.check(property, options);
  if (details instanceof Promise) return details.then(demandPassed);
  demandPassed(details as fc.RunDetails<Values>);
}

/** A property that does not hold. */
export class PropertyFailed extends Error {
  override readonly name = 'PropertyFailed';
  /** with `path` what fast-check needs to begin with the smallest counterexample */
  readonly seed: number;
  readonly path: string;

  constructor(message: string, seed: number, path: string, cause: unknown) {
    super(message, { cause: withoutText(cause) });
    this.seed = seed;
    this.path = path;
  }
}

function demandPassed<Values>(details: fc.RunDetails<Values>): void {
  if (!details.failed) return;
  const { seed, counterexample, counterexamplePath: path, numRuns, numShrinks, errorInstance } = details;
  if (counterexample === null || path === null) {
    throw new PropertyFailed(
      fc.defaultReportMessage(details) ?? 'the property failed',
      seed,
      '',
      errorInstance,
    );
  }
  const made = `${counted(numRuns, 'example')}, then made smaller ${counted(numShrinks, 'time')}`;
  const message = [
    `the property does not hold: found after ${made}. The smallest:`,
    '',
    ...shownValues(counterexample),
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    '',
    `replay: assertProperty(property, { seed: ${seed}, path: ${JSON.stringify(path)} })`,
  ].join('\n');
  throw new PropertyFailed(message, seed, path, errorInstance);
}

/** Where it was thrown, without the text that the message has already: runners show both. */
function withoutText(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause.stack === undefined) return cause;
  const [first = ''] = cause.message.trim().split('\n');
  const short = new Error(first);
  const frames = cause.stack.split('\n').filter((line) => /^ {4}at /.test(line));
  short.stack = [`${cause.name}: ${first}`, ...frames].join('\n');
  return short;
}

/** Each value a paragraph: a network as its file, a packet as the step that sends it. */
function shownValues(values: unknown): readonly string[] {
  if (!Array.isArray(values)) return [indented(shown(values)), ''];
  return values.flatMap((value) => [indented(shown(value)), '']);
}

function shown(value: unknown): string {
  if (isTrial(value)) return `${shown(value.network)}\n${value.packets.map(shown).join('\n')}`;
  if (isPacket(value)) return printLines([{ send: value }]).trimEnd();
  return fc.stringify(value).trimEnd();
}

function isTrial(
  value: unknown,
): value is { readonly network: unknown; readonly packets: readonly unknown[] } {
  return isObject(value) && 'network' in value && Array.isArray(value['packets']);
}

function isPacket(value: unknown): boolean {
  return isObject(value) && typeof value['from'] === 'string' && typeof value['to'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
