import type { Random } from '../../base/index.ts';
import type { Certificate } from '../channel/certificate.ts';
import { type ClientChannel, hearAsClient, openChannel, sayAsClient } from '../channel/channel.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf, joinBytes, textOf } from '../cryptography/bytes.ts';
import type { KeyHalves } from '../device/state.ts';
import type { ClientCommandKind } from '../rpc/calls.ts';
import { cutFrames, encodeFrame, RPC_VERSION } from '../rpc/frame.ts';
import { encodeRequest, type Request } from '../rpc/request.ts';
import { decodeResponse, type Response } from '../rpc/response.ts';

/** Who calls, if not just somebody with a password. */
export interface ClientIdentity {
  readonly certificate: Certificate;
  readonly keys: KeyHalves;
}

/** Whoever talks to an appliance over one connection: a channel, and what was heard and not read yet. */
export interface Caller {
  readonly channel: ClientChannel | null;
  readonly unread: Hex;
  /** whether the module has named its version of the RPC protocol */
  readonly versioned: boolean;
}

/** Calls: the caller, and the bytes with which a connection begins. `expected` is the module's key, if it is known. */
export function callAppliance(
  identity: ClientIdentity | null,
  expected: Hex | null,
  random: Random,
): { readonly caller: Caller; readonly send: Uint8Array } {
  const { channel, send } = openChannel(identity, expected, random);
  return { caller: { channel, unread: '', versioned: false }, send };
}

/** Hears bytes of the connection; `channel: null` afterwards: what came is not the module's. */
export function hearAppliance(
  caller: Caller,
  bytes: Uint8Array,
): { readonly caller: Caller; readonly send: Uint8Array } {
  if (caller.channel === null) return { caller, send: NONE };
  const heard = hearAsClient(caller.channel, bytes);
  const unread = hexOf(joinBytes(bytesOfHex(caller.unread), heard.plain));
  return { caller: { ...caller, channel: heard.channel, unread }, send: heard.send };
}

/** Whether something can be said. */
export function isOpen({ channel }: Caller): boolean {
  return channel?.stage === 'open';
}

/** Bytes for whoever speaks through the channel, as they are. */
export function sayBytes(
  caller: Caller,
  bytes: Uint8Array,
): { readonly caller: Caller; readonly send: Uint8Array } {
  return say(caller, bytes);
}

/** Everything that was heard and not read yet. */
export function readBytes(caller: Caller): { readonly caller: Caller; readonly bytes: Uint8Array } {
  return { caller: { ...caller, unread: '' }, bytes: bytesOfHex(caller.unread) };
}

/** A line for the console. */
export function sayLine(
  caller: Caller,
  line: string,
): { readonly caller: Caller; readonly send: Uint8Array } {
  return say(caller, bytesOf(`${line}\n`));
}

/** The next whole line that the console has said; `null`: none yet. */
export function readLine(caller: Caller): { readonly caller: Caller; readonly line: string } | null {
  const unread = bytesOfHex(caller.unread);
  const end = unread.indexOf(10);
  if (end < 0) return null;
  return { caller: { ...caller, unread: hexOf(unread.slice(end + 1)) }, line: textOf(unread.slice(0, end)) };
}

/** A call for the data port; the first one names the version of the protocol. */
export function sayCall(
  caller: Caller,
  request: Request,
  first: boolean,
): { readonly caller: Caller; readonly send: Uint8Array } {
  const message = encodeFrame({ number: 1, body: encodeRequest(request) });
  return say(caller, first ? joinBytes(Uint8Array.of(RPC_VERSION), message) : message);
}

/** The answer to a call; `null`: none yet; `malformed`: none that makes sense. */
export function readResponse(
  caller: Caller,
  kind: ClientCommandKind,
): { readonly caller: Caller; readonly response: Response | 'malformed' } | null {
  const unread = bytesOfHex(caller.unread);
  const start = caller.versioned ? 0 : 1;
  if (unread.length < start) return null;
  const cut = cutFrames(unread.slice(start));
  const [frame] = cut.frames;
  if (frame === undefined) return null;
  const length = 12 + frame.body.length;
  const read = decodeResponse(kind, frame.body);
  return {
    caller: { ...caller, versioned: true, unread: hexOf(unread.slice(start + length)) },
    response: read.ok ? read.value : 'malformed',
  };
}

function say(caller: Caller, bytes: Uint8Array): { readonly caller: Caller; readonly send: Uint8Array } {
  if (caller.channel === null) return { caller, send: NONE };
  const { channel, send } = sayAsClient(caller.channel, bytes);
  return { caller: { ...caller, channel }, send };
}

const NONE: Uint8Array = new Uint8Array(0);
