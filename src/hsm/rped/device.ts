import type { Caller } from '../appliance/caller.ts';
import { isPairingProof, type MakerSecret, pairingProof } from './pairing.ts';

/* The PIN entry device's own end: what it says on its channel, and what it believes. */

/** The line with which it begins; `null`: the channel is not open. */
export function pairingLine({ channel }: Caller, secret: MakerSecret, name: string): string | null {
  return channel?.stage === 'open'
    ? `PAIR ${name} ${pairingProof(secret, 'device', channel.keys, name)}`
    : null;
}

/** Whether the module at the other end is of the model that the device is for. It hears no PIN before. */
export function isPaired({ channel }: Caller, secret: MakerSecret, name: string, answer: string): boolean {
  const [word, proof = ''] = answer.split(' ');
  if (word !== 'PAIRED' || channel?.stage !== 'open') return false;
  return isPairingProof(proof, secret, 'module', channel.keys, name);
}

/** What an operator does at the device, as a line, and the line that it says; `null`: it is not written so. */
export function presentingLine(line: string): string | null {
  const [verb, ...words] = line.trim().split(/ +/);
  const [partition, client, user, pin] = words;
  if (verb !== 'unlock' || words.length !== 4) return null;
  return `PRESENT ${partition} ${client} ${user} ${pin}`;
}

/** How an operator's line is written. */
export const OPERATOR_LINE = 'unlock PARTITION CLIENT crypto-officer|crypto-user|partition-officer PIN';
