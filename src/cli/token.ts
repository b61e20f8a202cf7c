import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { performScenario } from '../scenario/index.ts';
import { complaint } from './complaint.ts';

/** Which token is to keep the keys of security modules, as the command line says it. */
export interface TokenChoice {
  /** path of its PKCS#11 library */
  readonly tokenModule?: string;
  readonly tokenLabel?: string;
  readonly tokenBackend?: string;
}

type Backend = NonNullable<Parameters<typeof performScenario>[3]>;

/** A token that keeps keys, and what is to be said about it. */
export interface OpenToken {
  readonly backend: Backend;
  readonly words: string;
  close(): void;
}

/** The optional package that talks to tokens: nothing of vnsim imports it. */
interface TokenPackage {
  openToken(options: { library: string; label: string; pin: string }): { close(): void };
  tokenBackend(token: { close(): void }): Backend;
}

const PACKAGE = 'vnsim-backend-pkcs11';
/** The PIN is in no command line, which everybody on the machine may read. */
const PIN_VARIABLE = 'VNSIM_TOKEN_PIN';

/** Opens the token that was chosen; `null`: none was, and the keys stay in the simulated modules. */
export async function openChosenToken(choice: TokenChoice): Promise<OpenToken | null> {
  const { tokenModule: library, tokenLabel, tokenBackend: from = PACKAGE } = choice;
  if (library === undefined) {
    const [lonely] = Object.keys(choice).filter((name) => name === 'tokenLabel' || name === 'tokenBackend');
    if (lonely === undefined) return null;
    const option = lonely === 'tokenLabel' ? '--token-label' : '--token-backend';
    throw complaint('usage/option', `${option} says something about a token, and none is chosen`, CHOOSE);
  }
  const pin = process.env[PIN_VARIABLE];
  if (pin === undefined) {
    const message = `the PIN of the token is not known: the environment has no ${PIN_VARIABLE}`;
    throw complaint('token/unavailable', message, `say ${PIN_VARIABLE}=… vnsim run …`);
  }
  const label = tokenLabel ?? 'vnsim';
  const { openToken, tokenBackend } = await loadPackage(from);
  try {
    const token = openToken({ library, label, pin });
    const words = `keys were kept in token "${label}" of ${library}, which draws them by itself: no seed repeats this run\n`;
    return { backend: tokenBackend(token), words, close: () => token.close() };
  } catch (error) {
    throw complaint('token/unavailable', `the token cannot be used: ${firstLine(error)}`, CHECK);
  }
}

const CHOOSE = 'choose it with --token-module and the path of its PKCS#11 library';
const CHECK =
  'check the path of the library, the label of the token and its PIN; softhsm2-util --show-slots lists those of SoftHSM2';
const INSTALL = `in a checkout: npm ci --prefix packages/backend-pkcs11, and --token-backend packages/backend-pkcs11/src/index.ts`;

async function loadPackage(from: string): Promise<TokenPackage> {
  const isPath = /^\.{0,2}\/|\.[jt]s$/.test(from);
  const specifier = isPath ? pathToFileURL(resolve(from)).href : from;
  try {
    const loaded: unknown = await import(specifier);
    if (isTokenPackage(loaded)) return loaded;
  } catch (error) {
    throw complaint('token/unavailable', `${from} cannot be loaded: ${firstLine(error)}`, INSTALL);
  }
  throw complaint('token/unavailable', `${from} is no package that talks to tokens`, INSTALL);
}

function isTokenPackage(loaded: unknown): loaded is TokenPackage {
  return typeof loaded === 'object' && loaded !== null && 'openToken' in loaded && 'tokenBackend' in loaded;
}

/** What an error says, without the lines that tell where it was thrown. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
