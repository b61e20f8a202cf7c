import { nanos, seededRandom } from '../src/base/index.ts';
import {
  attributeOf,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  MECHANISMS,
  newModule,
  type Request,
  serve,
} from '../src/hsm/index.ts';
import { amount, measure, printTable, type Row } from './measure.ts';

const OPERATIONS = 200_000;
const gcm = {
  type: MECHANISMS.CKM_AES_GCM.number,
  parameter: { kind: 'gcm', nonce: new Uint8Array(12), additional: new Uint8Array(0), tagBits: 128 },
} as const;
const REQUESTS: readonly (readonly [string, Request])[] = [
  ['C_GetSessionInfo', { command: { kind: 'C_GetSessionInfo', session: 1 }, room: null, rooms: [] }],
  [
    'C_EncryptInit, GCM',
    { command: { kind: 'C_EncryptInit', session: 1, mechanism: gcm, key: 3 }, room: null, rooms: [] },
  ],
  [
    'C_Encrypt, 1 KiB',
    { command: { kind: 'C_Encrypt', session: 1, data: new Uint8Array(1024) }, room: 2048, rooms: [] },
  ],
  [
    'C_CreateObject, 6 attributes',
    {
      command: {
        kind: 'C_CreateObject',
        session: 1,
        template: [
          attributeOf('CKA_CLASS', 4),
          attributeOf('CKA_KEY_TYPE', 0x1f),
          attributeOf('CKA_TOKEN', true),
          attributeOf('CKA_ENCRYPT', true),
          attributeOf('CKA_LABEL', new Uint8Array(8)),
          attributeOf('CKA_VALUE', new Uint8Array(32)),
        ],
      },
      room: null,
      rooms: [],
    },
  ],
];

/** Messages of the data port, written and read. */
function benchRpc(): readonly Row[] {
  const state = newModule(
    { serial: 'bench', provider: { name: 'crp', secret: 'secret' } },
    seededRandom(1),
    nanos(0),
  );
  return REQUESTS.map(([name, request]) => {
    const message = encodeRequest(request);
    const who = { kind: 'client', certificate: '00', application: 1 } as const;
    const { answer } = serve(state, who, message, seededRandom(1), nanos(0));
    const times = (run: () => number) => () => {
      let sum = 0;
      for (let round = 0; round < OPERATIONS; round += 1) sum += run();
      return sum;
    };
    const encode = measure(
      name,
      OPERATIONS,
      times(() => encodeRequest(request).length),
    );
    const decode = measure(
      name,
      OPERATIONS,
      times(() => (decodeRequest(message).ok ? 1 : 0)),
    );
    const read = measure(
      name,
      OPERATIONS,
      times(() => (decodeResponse(request.command.kind, answer ?? new Uint8Array()).ok ? 1 : 0)),
    );
    return {
      message: name,
      bytes: String(message.length),
      'encode/s': amount(encode.perSecond),
      'decode/s': amount(decode.perSecond),
      'read a refusal/s': amount(read.perSecond),
    };
  });
}

printTable('p11-kit RPC messages of the security module', benchRpc());
