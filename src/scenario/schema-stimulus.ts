import type { z } from 'zod';
import { parseFrame } from './frame-text.ts';
import { parseStretch, parseTarget } from './reference-text.ts';
import type { StimulusText } from './scenario-text.ts';
import {
  address,
  choice,
  demand,
  duration,
  map,
  type Objection,
  oneOf,
  parsed,
  port,
  reference,
  someOf,
  text,
  truth,
  whole,
} from './schema-parts.ts';
import { talkKeys, talkObjection } from './schema-talk.ts';
import { quoted } from './wording.ts';

/** What a step can let a device send. */

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'frame'] as const;

const ports = map({
  port: port('The port that is called.'),
  'source-port': port('The sender’s port. Default: its own stack chooses.').exactOptional(),
});

/** What cannot stand together in something that is sent. */
function sizeObjection(sent: StimulusText): (Objection & { readonly message: string }) | null {
  const objection = (key: string, message: string, help: string) =>
    ({ code: 'scenario/wrong-value', message, help, key }) as const;
  if (sent.size !== undefined && sent.payload !== undefined) {
    return objection('size', 'a packet with a payload has the size of that', 'leave one of the two out');
  }
  if (sent.tcp === undefined) {
    const help = 'write tcp, or leave it out';
    return sent['keep-open'] === undefined
      ? null
      : objection('keep-open', 'only a TCP connection can stay open', help);
  }
  const key = (['fragments', 'df'] as const).find((name) => sent[name] !== undefined);
  if (key === undefined) return null;
  return objection(
    key,
    'a TCP connection cuts its data itself, and lets nobody else',
    'write udp or icmp instead',
  );
}

/** Only a connection tells whether somebody answers. */
function unbalanced(sent: StimulusText): (Objection & { readonly message: string }) | null {
  const key = (['udp', 'icmp', 'ttl', 'source'] as const).find((name) => sent[name] !== undefined);
  if (sent.balance === undefined || key === undefined) return null;
  return {
    code: 'scenario/wrong-value',
    message: `an application that balances opens TCP connections, and here is ${quoted(key)}`,
    help: null,
    key,
  };
}

function addressed(sent: StimulusText): (Objection & { readonly message: string }) | null {
  const rule = 'a packet has one target, or some to choose from';
  return (
    sizeObjection(sent) ??
    oneOf(sent, ['to', 'balance'], 'scenario/wrong-value', rule) ??
    unbalanced(sent) ??
    talkObjection(sent)
  );
}

/** A frame says everything itself. */
function frameObjection(sent: StimulusText): (Objection & { readonly message: string }) | null {
  const key = Object.keys(sent).find((name) => name !== 'from' && name !== 'frame');
  if (key === undefined) return null;
  const message = `a frame says everything itself, and here is ${quoted(key)}`;
  return { code: 'scenario/wrong-value', message, help: null, key };
}

export const stimulus: z.ZodType<StimulusText> = demand(
  map({
    from: reference('The instance or HSM that sends.'),
    to: parsed(
      'an address or the name of a device',
      parseTarget,
      'An address, or the name of an instance, an interface or an HSM.',
    ).exactOptional(),
    balance: someOf(
      address('An address of the virtual network.'),
      'a list of addresses',
      'Instead of one target: addresses that the client’s own application calls in turn, over TCP, the next one where one does not answer.',
    ).exactOptional(),
    tcp: ports.meta({ description: 'Open a TCP connection to a port.' }).exactOptional(),
    udp: ports.meta({ description: 'Send a UDP datagram to a port.' }).exactOptional(),
    icmp: choice(['echo'], 'Send an ICMP echo request.').exactOptional(),
    frame: parsed(
      'a frame in hexadecimal digits',
      parseFrame,
      'Put this frame on the sender’s link as it is, whatever its stack would say: what a forger does. Needs no `to`.',
    ).exactOptional(),
    ttl: whole(1, 255, 'Time to live. Default: what the sender’s stack uses.').exactOptional(),
    source: address('A forged source address. Default: the sender’s own.').exactOptional(),
    timeout: duration(
      'After how long without an acknowledgement a TCP connection is given up. Default: 20 s.',
    ).exactOptional(),
    'keep-open': truth(
      'Whether a TCP connection stays open when all is said. Default: both ends hang up.',
    ).exactOptional(),
    payload: text('text', 'What the packet, or the connection, carries.').exactOptional(),
    size: whole(
      28,
      65535,
      'Instead of a payload: how long the packet is, in bytes with its headers; for tcp, how many bytes the connection carries.',
    ).exactOptional(),
    df: truth(
      'Whether the packet forbids to be cut (DF). Default: it does, unless its sender must cut it itself, because it is too long for what it knows of the path.',
    ).exactOptional(),
    fragments: someOf(
      parsed(
        'bytes of the data such as 0-551',
        parseStretch,
        'A piece: the bytes of the data behind the IPv4 header.',
      ),
      'a list of pieces',
      'The pieces of the datagram that are sent, in this order: `[0-551, 552-]`. One may be missing, come twice or overlap another.',
    ).exactOptional(),
    ...talkKeys,
  }),
  (sent) =>
    oneOf(sent, PROTOCOLS, 'scenario/wrong-value', 'a packet has exactly one protocol') ??
    (sent.frame === undefined ? addressed(sent) : frameObjection(sent)),
).meta({ description: 'Something that a device sends, with exactly one of tcp, udp, icmp and frame.' });
