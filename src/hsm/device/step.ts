import type { Random } from '../../base/index.ts';
import type { Code } from '../codes/code.ts';
import type { Answer, Call, CommandKind, Given } from './commands.ts';
import type { ModuleState } from './state.ts';

/** The next state, and what the asker hears. */
export interface Step<Value> {
  readonly state: ModuleState;
  readonly result: Answer<Value>;
}

/** What a command does once the table of access has let it in: a pure function, apart from drawing from `random`. */
export type Handler<K extends CommandKind> = (
  state: ModuleState,
  call: Call<K>,
  random: Random,
) => Step<Given<K>>;

export type Handlers<K extends CommandKind> = { readonly [Kind in K]: Handler<Kind> };

export function done<Value>(state: ModuleState, value: Value): Step<Value> {
  return { state, result: { kind: 'done', value } };
}

export function refuse(state: ModuleState, code: Code, why = ''): Step<never> {
  return { state, result: { kind: 'refused', code, why } };
}

/** A record without one of its entries. */
export function without<Value, Key extends string | number>(
  record: Readonly<Record<Key, Value>>,
  key: Key,
): Readonly<Record<Key, Value>> {
  const { [key]: _, ...others } = record;
  return others as Record<Key, Value>;
}

/** A record with the entries that a test keeps. */
export function onlyWhere<Value>(
  record: Readonly<Record<string, Value>>,
  keep: (value: Value, key: string) => boolean,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([key, value]) => keep(value, key)));
}

/** A record with another value for each entry. */
export function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
