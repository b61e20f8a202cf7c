import type { Nanos, Random } from '../../base/index.ts';
import { NO_ZONE } from '../zones/zone.ts';
import { FACTORY_SETTINGS, newIdentity } from './module.ts';
import { INITIAL_POLICIES } from './policy.ts';
import type { Erasure, ModuleState } from './state.ts';
import { without } from './step.ts';

/** One write of an erasure. Power may be cut between any two. */
type Write = (state: ModuleState) => ModuleState;

/**
 * How everything is erased, write by write. The first destroys the key-encryption key and notes what has begun: from then
 * on nothing that was sealed can ever be opened, whatever happens next. The rest clears tables (P15, P19).
 */
export function erasureWrites(kind: Erasure, random: Random, now: Nanos): readonly Write[] {
  const zeroise: readonly Write[] = [
    (state) => ({ ...state, kek: null, erasing: kind }),
    (state) => ({ ...state, applications: cutOff(state) }),
    (state) => ({ ...state, partitions: {}, zone: NO_ZONE, peers: {} }),
    (state) => ({ ...state, clients: {}, presented: [] }),
    (state) => ({ ...state, officers: {}, quorum: 1, proposals: {}, logins: withoutOfficers(state) }),
    (state) => ({ ...state, policies: INITIAL_POLICIES, label: '' }),
  ];
  const last: readonly Write[] =
    kind === 'zeroise'
      ? [(state) => ({ ...state, life: afterZeroising(state), erasing: null })]
      : [
          // Whoever gets the machine next gets it without the medium of whoever had it.
          (state) => ({ ...state, medium: [], applications: {}, logins: {}, administrators: {} }),
          (state) => ({ ...state, settings: { ...FACTORY_SETTINGS, network: state.settings.network } }),
          (state) => ({ ...state, identity: newIdentity(random, now), log: [], logged: 0 }),
          (state) => ({ ...state, life: 'factory', tampered: false, suspended: null, erasing: null }),
        ];
  return [...zeroise, ...last];
}

/** All writes at once. */
export function erase(state: ModuleState, kind: Erasure, random: Random, now: Nanos): ModuleState {
  return erasureWrites(kind, random, now).reduce((before, write) => write(before), state);
}

/** A module that nobody has initialised has nothing to lose and stays what it is. */
function afterZeroising({ life }: ModuleState): ModuleState['life'] {
  return life === 'initialised' ? 'zeroised' : life;
}

/** Connections stay, and hear that what they used is gone. */
function cutOff({ applications }: ModuleState): ModuleState['applications'] {
  return Object.fromEntries(
    Object.entries(applications).map(([number, application]) => [
      number,
      {
        ...application,
        sessions: {},
        logins: {},
        handles: {},
        removed: [...application.removed, ...Object.keys(application.sessions).map(Number)],
      },
    ]),
  );
}

function withoutOfficers({ logins }: ModuleState): ModuleState['logins'] {
  return Object.entries(logins)
    .filter(([, { kind }]) => kind === 'officer')
    .reduce((left, [channel]) => without(left, Number(channel)), logins);
}
