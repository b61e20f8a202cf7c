import { describe, expect, it } from 'vitest';
import { CONNECTION, fitsTcp, ORIGINAL, REPLY } from '../../src/dataplane/connections/index.ts';
import { TCP } from '../../src/packet/index.ts';

const { syn, ack, fin, rst, psh, urg, ece, cwr } = TCP;
const { opening, answered, established, originatorFinished, closing, reset } = CONNECTION;

describe('a segment and the state of its connection', () => {
  it.each([
    ['SYN again', opening, syn, ORIGINAL],
    ['a crossing SYN: both open at once', opening, syn, REPLY],
    ['SYN and ACK', opening, syn | ack, REPLY],
    ['SYN and ACK of who opened, when both did', answered, syn | ack, ORIGINAL],
    ['the last of three', answered, ack, ORIGINAL],
    ['data', established, psh | ack, REPLY],
    ['urgent data with ECN', established, psh | ack | urg | ece | cwr, ORIGINAL],
    ['FIN', established, fin | ack, REPLY],
    ['data in a half-closed connection', originatorFinished, psh | ack, REPLY],
    ['the second FIN', originatorFinished, fin | ack, REPLY],
    ['a new SYN in TIME-WAIT', closing, syn, ORIGINAL],
    ['a late SYN and ACK', established, syn | ack, REPLY],
    ['a reset, whenever', opening, rst, ORIGINAL],
    ['a reset with ACK', reset, rst | ack, REPLY],
  ] as const)('RFC 5382 REQ-2: %s fits', (_, state, flags, direction) => {
    expect(fitsTcp(state, flags, direction)).toBe(true);
  });

  it.each([
    ['no flags at all', established, 0, ORIGINAL],
    ['SYN and FIN', established, syn | fin, REPLY],
    ['SYN and RST', established, syn | rst, ORIGINAL],
    ['FIN and RST', established, fin | rst, ORIGINAL],
    ['a FIN that acknowledges nothing', established, fin, ORIGINAL],
    ['data before an answer', opening, psh | ack, ORIGINAL],
    ['FIN before an answer', opening, fin | ack, ORIGINAL],
    ['FIN for an answer', opening, fin | ack, REPLY],
    ['SYN and ACK to nobody’s SYN', opening, syn | ack, ORIGINAL],
    ['a SYN of the responder in an open connection', established, syn, REPLY],
  ] as const)('%s does not', (_, state, flags, direction) => {
    expect(fitsTcp(state, flags, direction)).toBe(false);
  });
});
