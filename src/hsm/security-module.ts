import { bytesToHex, hexToBytes } from '@noble/curves/utils.js';
import { type Application, NOTHING, type Reaction } from './application.ts';
import { bytesOfText, textOfBytes } from './byte-text.ts';
import { cutLines, LONGEST_LINE } from './line.ts';
import { generateKey, type SignatureAlgorithm, sign } from './signature.ts';

/**
 * Everything the device holds, the private key included.
 *
 * This value *is* the device: it exists so that a run can be saved and continued, as one would freeze the whole
 * machine. It is no export of the key, and it must never reach a packet, a log or an answer.
 */
export interface SecurityModuleState {
  readonly algorithm: SignatureAlgorithm;
  /** lower-case hex */
  readonly privateKey: string;
  /** lower-case hex */
  readonly publicKey: string;
  /** unfinished lines by stream, one UTF-16 unit a byte; streams between two lines are absent */
  readonly partial: Readonly<Record<number, string>>;
}

export interface SecurityModuleOptions {
  readonly algorithm: SignatureAlgorithm;
}

/**
 * A first security module: one key pair, made at the start and never given away, and a line protocol.
 *
 * | the client says    | the module answers |
 * | ------------------ | ------------------ |
 * | `PUBLIC-KEY`       | `ed25519 HEX` or `p256 HEX` |
 * | `SIGN MESSAGE`     | `SIGNATURE HEX`, made over the bytes after the first blank, as they came |
 * | anything else      | `ERROR unknown-command …` |
 * | more than 4096 bytes without a line feed | `ERROR line-too-long …`, and the stream is closed |
 *
 * Lines end in one line feed, both ways; a carriage return is a byte like any other. Commands are not yet tied to
 * users or partitions: whoever reaches the port may sign. Every port answers alike.
 */
export function securityModule(
  options: SecurityModuleOptions = { algorithm: 'ed25519' },
): Application<SecurityModuleState> {
  return {
    name: 'hsm',
    initial: (context) => {
      const pair = generateKey(options.algorithm, context.random);
      return {
        algorithm: options.algorithm,
        privateKey: bytesToHex(pair.privateKey),
        publicKey: bytesToHex(pair.publicKey),
        partial: {},
      };
    },
    step: (state, event) => {
      switch (event.kind) {
        case 'opened':
          return { state, send: NOTHING, close: false };
        case 'received':
          return receive(state, event.stream, event.bytes);
        case 'closed':
          return { state: withPartial(state, event.stream, ''), send: NOTHING, close: true };
      }
    },
  };
}

function receive(
  state: SecurityModuleState,
  stream: number,
  bytes: Uint8Array,
): Reaction<SecurityModuleState> {
  const cut = cutLines(state.partial[stream] ?? '', textOfBytes(bytes));
  const answers = cut.lines.map((line) => answer(state, line));
  if (cut.tooLong) answers.push(`ERROR line-too-long: at most ${LONGEST_LINE} bytes\n`);
  return {
    state: withPartial(state, stream, cut.partial),
    send: answers.length === 0 ? NOTHING : bytesOfText(answers.join('')),
    close: cut.tooLong,
  };
}

function answer(state: SecurityModuleState, line: string): string {
  if (line === 'PUBLIC-KEY') return `${state.algorithm} ${state.publicKey}\n`;
  if (line.startsWith(SIGN)) {
    const message = bytesOfText(line.slice(SIGN.length));
    return `SIGNATURE ${bytesToHex(sign(state.algorithm, hexToBytes(state.privateKey), message))}\n`;
  }
  // The line itself is not repeated: it is the client's, and may be anything.
  return 'ERROR unknown-command: say PUBLIC-KEY or SIGN MESSAGE\n';
}

const SIGN = 'SIGN ';

/** The state with another unfinished line; the same object if nothing changes, as between whole lines. */
function withPartial(state: SecurityModuleState, stream: number, partial: string): SecurityModuleState {
  if ((state.partial[stream] ?? '') === partial) return state;
  const { [stream]: _, ...others } = state.partial;
  return { ...state, partial: partial === '' ? others : { ...others, [stream]: partial } };
}
