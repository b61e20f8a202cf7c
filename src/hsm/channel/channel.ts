import type { Random } from '../../base/index.ts';
import { bytesOfHex, type Hex, hexOf, joinBytes } from '../cryptography/bytes.ts';
import type { KeyHalves } from '../device/state.ts';
import { type Certificate, fingerprintOf } from './certificate.ts';
import {
  clientGreeting,
  isProof,
  type Keys,
  LONGEST_GREETING,
  moduleGreeting,
  proveOwner,
  readModuleGreeting,
} from './handshake.ts';
import { cutPrefixed, openRecords, prefixed, sealRecords } from './record.ts';

/** One end of a channel, as plain data. `waiting` are bytes of a greeting or record that is not all there yet. */
export type Channel =
  | { readonly stage: 'greeting'; readonly waiting: Hex }
  | {
      readonly stage: 'proving';
      readonly waiting: Hex;
      readonly keys: Keys;
      readonly certificate: Certificate | null;
      readonly transcript: Hex;
    }
  | {
      readonly stage: 'open';
      readonly waiting: Hex;
      readonly keys: Keys;
      /** fingerprint of the certificate that the client has proved to own */
      readonly fingerprint: Hex | null;
    };

/** What received bytes come to. `channel: null`: it is over, and nothing that came is to be believed. */
export interface Heard<End> {
  readonly channel: End | null;
  readonly send: Uint8Array;
  readonly plain: Uint8Array;
}

export const NEW_CHANNEL: Channel = { stage: 'greeting', waiting: '' };

/** The module's end hears bytes. */
export function hearAsModule(
  channel: Channel,
  received: Uint8Array,
  signing: KeyHalves,
  random: Random,
): Heard<Channel> {
  const bytes = joinBytes(bytesOfHex(channel.waiting), received);
  if (channel.stage === 'greeting') {
    const cut = cutPrefixed(bytes, LONGEST_GREETING);
    if (cut === 'too-long') return OVER;
    if (cut === null)
      return { channel: { stage: 'greeting', waiting: hexOf(bytes) }, send: NONE, plain: NONE };
    const greeted = moduleGreeting(cut.body, signing, random);
    if (greeted === null) return OVER;
    const { keys, certificate, transcript } = greeted;
    const proving: Channel = { stage: 'proving', waiting: '', keys, certificate, transcript };
    const next = hearAsModule(proving, cut.rest, signing, random);
    return { ...next, send: joinBytes(prefixed(greeted.bytes), next.send) };
  }
  if (channel.stage === 'proving') {
    const cut = cutPrefixed(bytes, 1024);
    if (cut === 'too-long') return OVER;
    if (cut === null) return { channel: { ...channel, waiting: hexOf(bytes) }, send: NONE, plain: NONE };
    const opened = openRecords(channel.keys.fromClient, prefixed(cut.body));
    if (opened.bytes === null || !isProof(opened.bytes, channel.certificate, channel.transcript)) return OVER;
    const open: Channel = {
      stage: 'open',
      waiting: '',
      keys: { ...channel.keys, fromClient: opened.direction },
      fingerprint: channel.certificate === null ? null : fingerprintOf(channel.certificate),
    };
    return hearAsModule(open, cut.rest, signing, random);
  }
  const opened = openRecords(channel.keys.fromClient, bytes);
  if (opened.bytes === null) return OVER;
  const keys = { ...channel.keys, fromClient: opened.direction };
  return { channel: { ...channel, keys, waiting: hexOf(opened.rest) }, send: NONE, plain: opened.bytes };
}

/** Seals what the module says. Only an open channel says anything. */
export function sayAsModule(
  channel: Channel,
  bytes: Uint8Array,
): { readonly channel: Channel; readonly send: Uint8Array } {
  if (channel.stage !== 'open' || bytes.length === 0) return { channel, send: NONE };
  const { direction, sealed } = sealRecords(channel.keys.fromModule, bytes);
  return { channel: { ...channel, keys: { ...channel.keys, fromModule: direction } }, send: sealed };
}

/** The client's end: waits for the module's greeting, or is open. */
export type ClientChannel =
  | {
      readonly stage: 'greeting';
      readonly waiting: Hex;
      readonly greeting: Hex;
      readonly privateKey: Hex;
      readonly own: KeyHalves | null;
      /** the signing key that the module must have; `null`: whatever it shows is taken, as on a first SSH connection */
      readonly expected: Hex | null;
    }
  | { readonly stage: 'open'; readonly waiting: Hex; readonly keys: Keys; readonly module: Hex };

/** Opens a channel: the client's end, and its greeting. */
export function openChannel(
  identity: { readonly certificate: Certificate; readonly keys: KeyHalves } | null,
  expected: Hex | null,
  random: Random,
): { readonly channel: ClientChannel; readonly send: Uint8Array } {
  const { bytes, privateKey } = clientGreeting(identity?.certificate ?? null, random);
  const own = identity?.keys ?? null;
  return {
    channel: { stage: 'greeting', waiting: '', greeting: hexOf(bytes), privateKey, own, expected },
    send: prefixed(bytes),
  };
}

/** The client's end hears bytes. */
export function hearAsClient(channel: ClientChannel, received: Uint8Array): Heard<ClientChannel> {
  const bytes = joinBytes(bytesOfHex(channel.waiting), received);
  if (channel.stage === 'greeting') {
    const cut = cutPrefixed(bytes, LONGEST_GREETING);
    if (cut === 'too-long') return OVER;
    if (cut === null) return { channel: { ...channel, waiting: hexOf(bytes) }, send: NONE, plain: NONE };
    const greeting = { bytes: bytesOfHex(channel.greeting), privateKey: channel.privateKey };
    const read = readModuleGreeting(greeting, cut.body);
    if (read === null || (channel.expected !== null && read.signing !== channel.expected)) return OVER;
    const proof = channel.own === null ? NONE : proveOwner(channel.own, read.transcript);
    const { direction, sealed } = sealRecords(read.keys.fromClient, proof);
    const open: ClientChannel = {
      stage: 'open',
      waiting: '',
      keys: { ...read.keys, fromClient: direction },
      module: read.signing,
    };
    const next = hearAsClient(open, cut.rest);
    return { ...next, send: joinBytes(sealed, next.send) };
  }
  const opened = openRecords(channel.keys.fromModule, bytes);
  if (opened.bytes === null) return OVER;
  const keys = { ...channel.keys, fromModule: opened.direction };
  return { channel: { ...channel, keys, waiting: hexOf(opened.rest) }, send: NONE, plain: opened.bytes };
}

export function sayAsClient(
  channel: ClientChannel,
  bytes: Uint8Array,
): { readonly channel: ClientChannel; readonly send: Uint8Array } {
  if (channel.stage !== 'open' || bytes.length === 0) return { channel, send: NONE };
  const { direction, sealed } = sealRecords(channel.keys.fromClient, bytes);
  return { channel: { ...channel, keys: { ...channel.keys, fromClient: direction } }, send: sealed };
}

const NONE: Uint8Array = new Uint8Array(0);
const OVER: Heard<never> = { channel: null, send: NONE, plain: NONE };
