import type { ModuleState } from '../device/state.ts';
import { mapValues, onlyWhere, without } from '../device/step.ts';
import type { Application, Session } from './application.ts';
import type { Partition, StoredObject } from './partition.ts';

/* What ends with a connection: sessions, logins, handles, and objects that lived in sessions. */

/** Ends every connection, of clients and of the console. */
export function hangUp(state: ModuleState): ModuleState {
  return {
    ...state,
    logins: {},
    applications: {},
    presented: [],
    partitions: mapValues(state.partitions, (partition) => keepObjects(partition, (kept) => kept === null)),
  };
}

export function closeApplication(state: ModuleState, number: number): ModuleState {
  const application = state.applications[number];
  if (application === undefined) return state;
  const slots = Object.values(application.sessions).map(({ slot }) => slot);
  const left = dropSessionObjects(state, application, slots, (owner) => owner.application === number);
  return { ...left, applications: without(left.applications, number) };
}

/** Ends some sessions of an application; a slot whose last session ends is logged out. */
export function closeSessions(
  state: ModuleState,
  number: number,
  closes: (session: Session, handle: number) => boolean,
): ModuleState {
  const application = state.applications[number];
  if (application === undefined) return state;
  const entries = Object.entries(application.sessions).map(([handle, session]) => ({
    handle: Number(handle),
    session,
  }));
  const closing = entries.filter(({ handle, session }) => closes(session, handle));
  if (closing.length === 0) return state;
  const ended = new Set(closing.map(({ handle }) => handle));
  const open = entries.filter(({ handle }) => !ended.has(handle));
  const slots = closing.map(({ session }) => session.slot);
  const over = slots.filter((slot) => !open.some(({ session }) => session.slot === slot));
  const closed = dropSessionObjects(
    state,
    application,
    slots,
    (owner) => owner.application === number && ended.has(owner.session),
  );
  const next: Application = {
    ...application,
    sessions: Object.fromEntries(open.map(({ handle, session }) => [handle, session])),
    logins: onlyWhere(application.logins, (_, slot) => !over.includes(Number(slot))),
    handles: onlyWhere(application.handles, ({ slot }) => !over.includes(slot)),
  };
  return { ...closed, applications: { ...closed.applications, [number]: next } };
}

/** Cuts every connection off from a partition: open sessions hear `CKR_DEVICE_REMOVED` once. */
export function cutOffFrom(
  state: ModuleState,
  loses: (application: Application, slot: number) => boolean,
): ModuleState {
  return Object.entries(state.applications).reduce((left, [number, application]) => {
    const lost = Object.entries(application.sessions)
      .filter(([, { slot }]) => loses(application, slot))
      .map(([handle]) => Number(handle));
    const closed = closeSessions(left, Number(number), (_, handle) => lost.includes(handle));
    const after = closed.applications[Number(number)] ?? application;
    const told = { ...after, removed: [...after.removed, ...lost] };
    return { ...closed, applications: { ...closed.applications, [Number(number)]: told } };
  }, state);
}

function dropSessionObjects(
  state: ModuleState,
  application: Application,
  slots: readonly number[],
  drops: (owner: NonNullable<StoredObject['session']>) => boolean,
): ModuleState {
  const serials = new Set(slots.flatMap((slot) => state.clients[application.certificate]?.slots[slot] ?? []));
  const partitions = Object.entries(state.partitions).map(([serial, partition]) => [
    serial,
    serials.has(serial) ? keepObjects(partition, (owner) => owner === null || !drops(owner)) : partition,
  ]);
  return { ...state, partitions: Object.fromEntries(partitions) };
}

function keepObjects(partition: Partition, keep: (owner: StoredObject['session']) => boolean): Partition {
  const kept = onlyWhere(partition.objects, ({ session }) => keep(session));
  const same = Object.keys(kept).length === Object.keys(partition.objects).length;
  return same ? partition : { ...partition, objects: kept };
}
