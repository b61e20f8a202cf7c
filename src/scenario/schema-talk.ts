import type { z } from 'zod';
import type { StimulusText } from './scenario-text.ts';
import { listOf, type Objection, text } from './schema-parts.ts';

/** What a machine says to a security module, line by line. */
export const talkKeys: {
  readonly [Key in 'console' | 'pkcs11' | 'rped' | 'store' | 'objects']: z.ZodExactOptional<
    z.ZodType<string[]>
  >;
} & { readonly as: z.ZodExactOptional<z.ZodType<string>> } = {
  console: listOf(
    text('a line', 'A line for the console.'),
    'a list of lines',
    'What is said at the console of a security module (`endpoint: module`, tcp port 22), a line after the other. `{COMMAND.FIELD}` stands for what an earlier answer gave, `{certificate.NAME}` for the fingerprint of a client.',
  ).exactOptional(),
  pkcs11: listOf(
    text('a line', 'A line for an application that uses keys.'),
    'a list of lines',
    'What an application does with the keys of a security module (tcp port 1792), a line after the other: `login 1 PIN`, `make aes LABEL`, `encrypt LABEL TEXT`.',
  ).exactOptional(),
  rped: listOf(
    text('a line', 'A line for a PIN entry device.'),
    'a list of lines',
    'What an operator does at a PIN entry device (`rpeds:`, tcp port 1503), a line after the other: `unlock PARTITION CLIENT crypto-officer PIN`.',
  ).exactOptional(),
  store: listOf(
    text('a line', 'A line for an external keystore.'),
    'a list of lines',
    'What is said to an external keystore (`listen: { 7000: keystore }`), a line after the other: `put NAME RECORD`, `get NAME`, `delete NAME`, `list`.',
  ).exactOptional(),
  objects: listOf(
    text('a line', 'A line for a storage service.'),
    'a list of lines',
    'What is asked of a storage service (`listen: { 443: { kind: storage, … } }`), a line after the other: `put NAME TEXT`, `put-under KEY NAME TEXT`, `get NAME`, `delete NAME`, `list`.',
  ).exactOptional(),
  as: text(
    'a name',
    'Whose certificate `pkcs11` shows. Default: that of the sender, `acme/app-310`.',
  ).exactOptional(),
};

/** A security module is talked to over one connection. */
export function talkObjection(sent: StimulusText): (Objection & { readonly message: string }) | null {
  const objection = (key: string, message: string, help: string) =>
    ({ code: 'scenario/wrong-value', message, help, key }) as const;
  if (sent.as !== undefined && sent.pkcs11 === undefined) {
    return objection('as', 'only an application shows a certificate', 'write it beside pkcs11');
  }
  const spoken = (['console', 'pkcs11', 'rped', 'store', 'objects'] as const).filter(
    (name) => sent[name] !== undefined,
  );
  const [key] = spoken;
  if (key === undefined) return null;
  const other = (['payload', 'size', 'balance', 'ttl', 'source'] as const).find(
    (name) => sent[name] !== undefined,
  );
  const second = spoken[1];
  if (second !== undefined) {
    return objection(
      second,
      'one connection is for the console, for keys, for a PIN, for a keystore or for a storage service',
      'send twice',
    );
  }
  if (sent.tcp !== undefined && other === undefined) return null;
  return objection(
    key,
    'a security module is talked to over one TCP connection',
    'write tcp, and no payload, size, balance, ttl or source',
  );
}
