import { hexOf } from '../cryptography/bytes.ts';
import { NEEDS_BACKUP_KEY } from '../zones/zone.ts';
import { type Account, isSecret, oneTimePassword } from './account.ts';
import { accountsOf, channelOf, kindOf } from './console-login.ts';
import { erase } from './erasure.ts';
import { FIRMWARE_NAME, newAccount, newIdentity } from './module.ts';
import { chosenPolicies } from './policy.ts';
import type { ModuleState } from './state.ts';
import { done, type Handlers, mapValues, onlyWhere, refuse, without } from './step.ts';

/** Names and labels: what fits into a line and into `CK_TOKEN_INFO`. */
export function isName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name);
}

export const NAME_RULE = 'a name has 1 to 32 letters, digits, dots, dashes or underscores';

/** What administrators do, the provider's (408) and the customer's (410): accounts, settings, InitializeHSM, erasing. */
export const ADMINISTRATION: Handlers<
  | 'show'
  | 'show-log'
  | 'create-administrator'
  | 'set-network'
  | 'set-log-target'
  | 'set-clock'
  | 'upgrade-firmware'
  | 'zeroise'
  | 'factory-reset'
  | 'initialise'
  | 'create-officer'
  | 'delete-officer'
  | 'regenerate-identity'
> = {
  show: (state) =>
    done(state, {
      serial: state.serial,
      firmware: state.firmware,
      label: state.label,
      life: state.life,
      tampered: state.tampered,
      generation: state.generation,
      signing: state.identity.signing.publicKey,
      agreement: state.identity.agreement.publicKey,
      policies: state.policies,
      network: state.settings.network,
      timezone: state.settings.timezone,
      logTargets: [state.settings.providerLog, state.settings.customerLog].filter(
        (target) => target !== null,
      ),
    }),
  'show-log': (state) => done(state, { entries: state.log }),

  'create-administrator': (state, { command: { name } }, random) => {
    if (!isName(name)) return refuse(state, 'BAD_VALUE', NAME_RULE);
    if (kindOf(state, name) !== null) return refuse(state, 'EXISTS');
    const password = oneTimePassword(random);
    const account: Account = { ...newAccount(password, random), unactivated: true };
    const administrators = { ...state.administrators, [name]: account };
    const life = state.life === 'factory' ? 'handover-pending' : state.life;
    return done({ ...state, administrators, life }, { password });
  },
  'set-network': (state, { command: { network } }) =>
    done({ ...state, settings: { ...state.settings, network } }, {}),
  'set-log-target': (state, { command: { target }, role }) =>
    done(
      {
        ...state,
        settings: {
          ...state.settings,
          [role === 'provider-admin' ? 'providerLog' : 'customerLog']: target,
        },
      },
      {},
    ),
  'set-clock': (state, { command: { timezone, offset } }) => {
    if (!Number.isSafeInteger(offset)) return refuse(state, 'BAD_VALUE', 'an offset in whole nanoseconds');
    return done({ ...state, settings: { ...state.settings, timezone, clock: offset } }, {});
  },
  'upgrade-firmware': (state, { command: { version }, now }, random) => {
    const [wanted, current] = [versionIn(version), versionIn(state.firmware.slice(FIRMWARE_NAME.length))];
    if (wanted === null || current === null) return refuse(state, 'BAD_VALUE', 'a version such as 1.2');
    const erased = wanted < current;
    // what old firmware does not know how to protect must not be there when it starts
    const left = erased ? erase(state, 'zeroise', random, now) : state;
    return done({ ...left, firmware: `${FIRMWARE_NAME}${version}` }, { erased });
  },
  zeroise: (state, { now }, random) => done(erase(state, 'zeroise', random, now), {}),
  'factory-reset': (state, { now }, random) => done(erase(state, 'factory-reset', random, now), {}),

  initialise: (state, call, random) => {
    const { label, officers, quorum } = call.command;
    const names = officers.map(({ name }) => name);
    if (!isName(label) || !names.every(isName)) return refuse(state, 'BAD_VALUE', NAME_RULE);
    if (!officers.every(({ secret }) => isSecret(secret)))
      return refuse(state, 'BAD_VALUE', 'a password has 4 to 64 characters');
    if (new Set(names).size !== names.length || names.some((name) => isTakenByAdministrator(state, name))) {
      return refuse(state, 'EXISTS', 'each officer has a name that nobody else has');
    }
    if (names.length < 1 || names.length > 16) return refuse(state, 'BAD_VALUE', '1 to 16 security officers');
    if (!(Number.isInteger(quorum) && quorum >= 1 && quorum <= names.length)) {
      return refuse(state, 'BAD_VALUE', 'a quorum of one to all of the officers');
    }
    const policies = chosenPolicies(call.command.policies);
    if (policies === null)
      return refuse(state, 'BAD_VALUE', 'a policy that exists, with a value that it can have');
    if (policies['auto-backup'] === 1) return refuse(state, 'NO_ZONE_KEY', NEEDS_BACKUP_KEY);
    const empty = erase(state, 'zeroise', random, call.now);
    const mine = state.logins[channelOf(call)]?.name ?? '';
    return done(
      {
        ...empty,
        life: 'initialised',
        label,
        generation: state.generation + 1,
        kek: hexOf(random.bytes(32)),
        // Whoever initialises owns what will be there, and nobody who came before does (P2, P3).
        administrators: Object.fromEntries(
          Object.entries(empty.administrators).map(([name, account]) => [
            name,
            { ...account, owner: name === mine },
          ]),
        ),
        officers: Object.fromEntries(officers.map(({ name, secret }) => [name, newAccount(secret, random)])),
        quorum,
        policies,
        logins: onlyWhere(empty.logins, ({ name, kind }) => kind === 'provider' || name === mine),
        settings: { ...empty.settings, customerLog: null },
      },
      {},
    );
  },
  'create-officer': (state, { command: { name, secret } }, random) => {
    if (!isName(name)) return refuse(state, 'BAD_VALUE', NAME_RULE);
    if (!isSecret(secret)) return refuse(state, 'BAD_VALUE', 'a password has 4 to 64 characters');
    if (kindOf(state, name) !== null) return refuse(state, 'EXISTS');
    if (Object.keys(state.officers).length >= 16)
      return refuse(state, 'FULL', 'at most 16 security officers');
    return done({ ...state, officers: { ...state.officers, [name]: newAccount(secret, random) } }, {});
  },
  'delete-officer': (state, { command: { name } }) => {
    if (!Object.hasOwn(accountsOf(state, 'officer'), name)) return refuse(state, 'NO_SUCH');
    if (Object.keys(state.officers).length <= state.quorum) {
      return refuse(state, 'QUORUM', 'as many officers must stay as have to act together');
    }
    return done(
      {
        ...state,
        officers: without(state.officers, name),
        logins: onlyWhere(state.logins, (login) => login.kind !== 'officer' || login.name !== name),
        // What a person approved who is none any more is approved no more.
        proposals: mapValues(state.proposals, (proposal) => ({
          ...proposal,
          approvals: proposal.approvals.filter((approver) => approver !== name),
        })),
      },
      {},
    );
  },
  'regenerate-identity': (state, { now }, random) => {
    const identity = newIdentity(random, now);
    return done(
      { ...state, identity },
      { signing: identity.signing.publicKey, agreement: identity.agreement.publicKey },
    );
  },
};

/** `1.2` as a number that grows with it; `null`: no version. */
function versionIn(text: string): number | null {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})$/.exec(text) ?? [];
  return major === undefined || minor === undefined ? null : Number(major) * 1000 + Number(minor);
}

/** Officers of the last generation are about to be erased; providers and administrators stay. */
function isTakenByAdministrator(state: ModuleState, name: string): boolean {
  const kind = kindOf(state, name);
  return kind !== null && kind !== 'officer';
}
