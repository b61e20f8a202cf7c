/** A rule of the whole module that a security officer may change. */
export interface PolicyEntry {
  readonly title: string;
  readonly initial: number;
  readonly smallest: number;
  readonly largest: number;
  /** making it laxer destroys everything first, so that nobody loosens the rules under keys that exist */
  readonly destructive: boolean;
  /** the number of the like policy on Luna, where there is one */
  readonly luna: number | null;
}

export type PolicyName =
  | 'reset-pin'
  | 'cloning'
  | 'user-failures'
  | 'officer-uses-keys'
  | 'safe-wrapping'
  | 'zone-key-first'
  | 'backup-brings-users'
  | 'key-copies'
  | 'trusted-path'
  | 'auto-backup'
  | 'device-calls';

/** 0 is off and 1 on, except where a range says otherwise. */
export const POLICIES: Readonly<Record<PolicyName, PolicyEntry>> = {
  'reset-pin': policy('security officers may set the PIN of a locked crypto officer', 0, 1, true, 15),
  cloning: policy('keys may go to modules of the same trust zone, as masked objects', 1, 1, true, 7),
  'user-failures': {
    title: 'wrong PINs in a row that lock a crypto officer',
    initial: 10,
    smallest: 3,
    largest: 10,
    destructive: false,
    luna: 20,
  },
  'officer-uses-keys': policy(
    'the security officer of a partition may use its keys (ruling Q-15)',
    0,
    1,
    true,
    null,
  ),
  'safe-wrapping': policy(
    'keys that wrap do not decrypt and were made here; what is unwrapped stays sensitive',
    1,
    1,
    true,
    null,
  ),
  'zone-key-first': policy(
    'no key is made or used before a backup key is loaded (Utimaco)',
    0,
    1,
    false,
    null,
  ),
  'backup-brings-users': policy(
    'a restored partition has the PINs of the backup (AWS), not new ones (Luna)',
    0,
    1,
    true,
    null,
  ),
  'key-copies': {
    title: 'modules that must have a key before it is used (AWS CloudHSM: 2)',
    initial: 1,
    smallest: 1,
    largest: 2,
    destructive: false,
    luna: null,
  },
  'trusted-path': policy(
    'clients log in with what was entered at a PIN entry device, and send no PIN (D-19)',
    0,
    1,
    true,
    null,
  ),
  'auto-backup': policy(
    'what changes is backed up at once, on the medium at the appliance, while a backup key is loaded (ruling Q-31)',
    0,
    1,
    false,
    null,
  ),
  'device-calls': {
    title:
      'a PIN that a device brings by calling is good for a partition; off (Luna), the module must have called it',
    initial: 1,
    smallest: 0,
    largest: 1,
    destructive: false,
    luna: null,
  },
};

export type Policies = Readonly<Record<PolicyName, number>>;

export const POLICY_NAMES: readonly PolicyName[] = Object.keys(POLICIES) as readonly PolicyName[];

export const INITIAL_POLICIES: Policies = Object.fromEntries(
  POLICY_NAMES.map((name) => [name, POLICIES[name].initial]),
) as Policies;

const STRICT_WHEN_ON: readonly PolicyName[] = ['safe-wrapping', 'trusted-path'];

/** Whether going from one value to the other destroys what is on the module. */
export function destroys(name: PolicyName, from: number, to: number): boolean {
  if (!POLICIES[name].destructive || from === to) return false;
  // Those that are strict when on become laxer when they are turned off; the others when they are turned on.
  return STRICT_WHEN_ON.includes(name) ? to < from : to > from;
}

function policy(
  title: string,
  initial: number,
  largest: number,
  destructive: boolean,
  luna: number | null,
): PolicyEntry {
  return { title, initial, smallest: 0, largest, destructive, luna };
}

/** The policies of a new generation; `null`: a name or a value that does not exist. */
export function chosenPolicies(chosen: { readonly [Name in PolicyName]?: number }): Policies | null {
  const entries = Object.entries(chosen);
  const right = entries.every(
    ([name, value]) => Object.hasOwn(POLICIES, name) && isAllowed(name as PolicyName, value),
  );
  return right ? { ...INITIAL_POLICIES, ...chosen } : null;
}

export function isAllowed(name: PolicyName, value: number): boolean {
  const { smallest, largest } = POLICIES[name];
  return Number.isInteger(value) && value >= smallest && value <= largest;
}
