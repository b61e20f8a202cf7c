import { parseCidr, parseIp, parsePort } from '../address/index.ts';
import { nanos } from '../base/index.ts';
import type { Listener } from './declared.ts';
import { parseDuration } from './duration.ts';
import type { EndpointChoice } from './endpoint-choice.ts';
import { fromAddress } from './misreading.ts';
import { readSpeed } from './read-speed.ts';
import { type Locate, sure } from './reading.ts';
import type { Path } from './said.ts';
import type { EndpointText, ModuleEndpointText, Named, StorageText } from './scenario-text.ts';

/** The applications of a machine, by port. */
export function readListeners(
  said: Locate,
  text: Named<EndpointText> | undefined,
  where: Path,
): readonly Listener[] {
  return mapNamed(text, (number, endpoint) => ({
    ...said([...where, 'listen', number]),
    port: sure(fromAddress(parsePort(number))),
    endpoint: endpointChoice(endpoint),
  }));
}

/** An application in its short or its long form. */
export function endpointChoice(text: ModuleEndpointText | EndpointText): EndpointChoice {
  if (text === 'echo' || text === 'keystore') return { kind: text };
  if (text === 'hsm') return { kind: 'hsm', key: 'ed25519' };
  if (text === 'module') return { kind: 'module', speed: null };
  if (text.kind === 'storage') return storageOf(text);
  if (text.kind === 'module') return { kind: 'module', speed: readSpeed(text.speed) };
  return { kind: 'hsm', key: text.key ?? 'ed25519' };
}

function storageOf({ hsm, slot, pin, key, allow, remembers }: StorageText): EndpointChoice {
  return {
    kind: 'storage',
    hsm: sure(fromAddress(parseIp(hsm))),
    slot: slot ?? 1,
    pin,
    key,
    allow: Object.fromEntries(allow.map((block) => [block, sure(fromAddress(parseCidr(block)))])),
    remembers: remembers === undefined ? nanos(0) : sure(parseDuration(remembers)),
  };
}

/** Each entry of a map, in the order of the file. */
export function mapNamed<Text, Value>(
  entries: Named<Text> | undefined,
  read: (name: string, text: Text) => Value,
): readonly Value[] {
  return Object.entries(entries ?? {}).map(([name, text]) => read(name, text));
}
