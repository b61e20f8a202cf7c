import { type Nanos, seconds } from '../../base/index.ts';
import { type Credential, isSecret } from '../device/account.ts';
import type { Call } from '../device/commands.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, refuse } from '../device/step.ts';
import { partitionNamed } from '../partitions/administration.ts';
import type { UserType } from '../partitions/application.ts';
import type { Partition } from '../partitions/partition.ts';
import { credentialOf, tryPin } from '../pkcs11/pin.ts';

/**
 * A PIN that was entered at a PIN entry device and was right: good for one login of one client. The PIN itself is not kept, only which
 * verifier it met, so that whoever changes it takes the leave back.
 */
export interface Presented {
  readonly partition: string;
  readonly user: UserType;
  /** fingerprint of the client's certificate */
  readonly certificate: string;
  readonly verifier: string;
  readonly until: Nanos;
}

/** For so long a module waits for its PIN entry device (Luna). */
export const PROMPT_TIME: Nanos = seconds(200);

export const PIN_DEVICE: Handlers<'present-pin'> = {
  'present-pin': (state, call) => {
    const { partition: name, client, user, pin, calledBy } = call.command;
    if (calledBy === 'device' && state.policies['device-calls'] === 0) {
      return refuse(state, 'POLICY', 'logins to partitions are for a device that the module has called');
    }
    const partition = partitionNamed(state, name);
    const found = Object.entries(state.clients).find(([, known]) => known.name === client);
    if (partition === null || found === undefined) return refuse(state, 'NO_SUCH');
    if (!isSecret(pin)) return refuse(state, 'CKR_PIN_LEN_RANGE');
    const tried = tryPin(state, partition, user, pin);
    if (tried.code !== null) return refuse(tried.state, tried.code);
    const [certificate] = found;
    const { verifier } = credentialOf(tried.partition, user) ?? NONE;
    const until = (call.now + PROMPT_TIME) as Nanos;
    const entered: Presented = { partition: partition.serial, user, certificate, verifier, until };
    const others = tried.state.presented.filter((one) => !isFor(one, partition, user, certificate));
    return done({ ...tried.state, presented: [...others, entered] }, {});
  },
};

/** The state in which a PIN that was entered for this login is used up; `null`: none was, or not in time. */
export function usePresented(
  state: ModuleState,
  { principal, now }: Call,
  partition: Partition,
  user: UserType,
): ModuleState | null {
  if (principal.kind !== 'client') return null;
  const { verifier } = credentialOf(partition, user) ?? NONE;
  const entered = state.presented.find((one) => isFor(one, partition, user, principal.certificate));
  if (entered === undefined || entered.verifier !== verifier || now >= entered.until) return null;
  return { ...state, presented: state.presented.filter((one) => one !== entered) };
}

function isFor(one: Presented, { serial }: Partition, user: UserType, certificate: string): boolean {
  return one.partition === serial && one.user === user && one.certificate === certificate;
}

/** No verifier is empty. */
const NONE: Pick<Credential, 'verifier'> = { verifier: '' };
