import { type Frame, type IpPacket, isIp, recordMarkOf } from '../../packet/index.ts';
import type { Program } from '../../program/index.ts';

/** For whom a datagram is encrypted, and what that is worth; `null`: it is plain text. */
export function sealedWords({ hosts, devices }: Program, { body }: Frame): string | null {
  if (!isIp(body) || recordMarkOf(body) === null) return null;
  const host = hosts.find(({ address }) => address === body.target);
  const name = host === undefined ? null : devices[host.device]?.name;
  const whom = name ?? 'whoever has the other key';
  return `encrypted for ${whom}: nobody else can read it, or change it unnoticed`;
}

/** What a machine hears that opens it. */
export function recordWords(packet: IpPacket): string {
  const mark = recordMarkOf(packet);
  return mark === null ? '' : `, encrypted, record ${mark.sequence} under its key`;
}
