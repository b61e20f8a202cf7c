import type { Nanos, Random } from '../../base/index.ts';
import type { Keys } from '../channel/handshake.ts';
import { CODES } from '../codes/code.ts';
import { dispatch } from '../device/dispatch.ts';
import type { ModuleState } from '../device/state.ts';
import type { UserType } from '../partitions/application.ts';
import { isPairingProof, type MakerSecret, pairingProof } from './pairing.ts';

/** Where a module hears PIN entry devices, which call it: what calls out does not get through a NAT instance (trap T4). */
export const RPED_PORT = 1503;

/** In place of a port: a connection to a device that the module opened itself (Luna: HSM-initiated). */
export const CALLED_OUT = 0;

/** Whether a PIN entry device is at the other end. */
export function isDevicePort(port: number): boolean {
  return port === RPED_PORT || port === CALLED_OUT;
}

/** Who is at the other end of a channel on that port; `null`: it has not said. */
export type Paired = { readonly name: string; readonly matching: boolean } | null;

export interface Spoken {
  readonly module: ModuleState;
  readonly paired: Paired;
  /** `null`: silence */
  readonly text: string | null;
  readonly over: boolean;
}

const USERS: readonly string[] = ['crypto-officer', 'crypto-user', 'partition-officer'];

/** One line of a PIN entry device. A device of another make hears that, and nothing more. */
export function answerDevice(
  module: ModuleState,
  paired: Paired,
  line: string,
  keys: Keys,
  maker: MakerSecret | null,
  calledBy: 'device' | 'module',
  random: Random,
  now: Nanos,
): Spoken {
  const [verb, ...words] = line.split(' ');
  if (paired === null) {
    const [name = '', proof = ''] = words;
    const matching = verb === 'PAIR' && maker !== null && isPairingProof(proof, maker, 'device', keys, name);
    if (!matching || maker === null) {
      const text = 'NOT_AUTHENTICATED this PIN entry device is not for modules of this model';
      return { module, paired: { name, matching: false }, text, over: true };
    }
    const text = `PAIRED ${pairingProof(maker, 'module', keys, name)}`;
    return { module, paired: { name, matching: true }, text, over: false };
  }
  const [partition = '', client = '', user = '', pin = ''] = words;
  if (verb !== 'PRESENT' || words.length !== 4 || !USERS.includes(user)) {
    return { module, paired, text: 'BAD_VALUE write: PRESENT PARTITION CLIENT USER PIN', over: false };
  }
  const principal = { kind: 'pin-device', ...paired } as const;
  const command = { kind: 'present-pin', partition, client, user: user as UserType, pin, calledBy } as const;
  const { state, result } = dispatch(module, principal, command, random, now);
  switch (result.kind) {
    case 'silent':
      return { module: state, paired, text: null, over: false };
    case 'refused': {
      const text = `${result.code} ${result.why === '' ? CODES[result.code].meaning : result.why}`;
      return { module: state, paired, text, over: false };
    }
    case 'done':
      return { module: state, paired, text: 'OK', over: false };
  }
}
