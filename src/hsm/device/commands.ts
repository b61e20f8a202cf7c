import type { Nanos } from '../../base/index.ts';
import type { Role } from '../access/role.ts';
import type { Backend } from '../backend/backend.ts';
import type { Code } from '../codes/code.ts';
import type { ClientCommands } from '../pkcs11/client-commands.ts';
import type { PinDeviceCommands } from '../rped/commands.ts';
import type { ZoneCommands } from '../zones/zone-commands.ts';
import type { ConsoleCommands } from './console-commands.ts';
import type { PanelCommands } from './panel-commands.ts';

/** What every command takes and gives: the closed list. A new one does not compile until it has a handler and a row of access. */
export interface Commands
  extends PanelCommands,
    ConsoleCommands,
    ZoneCommands,
    ClientCommands,
    PinDeviceCommands {}

export type CommandKind = keyof Commands;

export type Command<K extends CommandKind = CommandKind> = {
  [Kind in K]: { readonly kind: Kind } & Commands[Kind]['takes'];
}[K];

export type Given<K extends CommandKind> = Commands[K]['gives'];

/** A command that takes nothing, or gives nothing. */
export type Nothing = Readonly<Record<never, never>>;

/**
 * Who asks: a channel, and what the channel has proved. Never an address (T2). For a client that is the fingerprint of
 * the certificate whose key it has shown to have.
 */
export type Principal =
  | { readonly kind: 'panel' }
  | { readonly kind: 'console'; readonly channel: number }
  | { readonly kind: 'client'; readonly certificate: string; readonly application: number }
  /** `matching`: it has shown that it was built for modules of this model */
  | { readonly kind: 'pin-device'; readonly name: string; readonly matching: boolean };

/** What came of a command that gives a `Value`. */
export type Answer<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  /** `why` may name what the asker said, never a secret */
  | { readonly kind: 'refused'; readonly code: Code; readonly why: string }
  /** no answer at all: no power, or cut off */
  | { readonly kind: 'silent' };

export type Result<K extends CommandKind = CommandKind> = Answer<Given<K>>;

/** Time, chance and the asker, beside the command itself. */
export interface Call<K extends CommandKind = CommandKind> {
  readonly principal: Principal;
  readonly role: Role;
  readonly command: Command<K>;
  readonly now: Nanos;
  /** who computes with keys */
  readonly backend: Backend;
}
