import { FABRIC, type Instance, type Model, outageOf } from '../model/index.ts';
import { refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface TakeOver {
  /** id of the balancer that has failed */
  readonly balancer: string;
}

/**
 * The standby of a balancer takes its place (H-14): the two exchange their interfaces, so that the one address that clients know leads to
 * the machine that works, and nobody has to learn another link address. What the old one knew of live connections is gone with it.
 */
export const takeOver: Verb<TakeOver> = (draft, { balancer }) => {
  const record = draft.loadBalancers[balancer];
  const [old, standby] = [draft.instances[balancer], draft.instances[record?.standby ?? '']];
  if (record === undefined || old === undefined || standby === undefined)
    return [unknown('instance', balancer)];
  if (isCutOff(draft, standby)) {
    return [
      refuse('provider/no-server', null, `${standby.name}, which would take over, does not work either`),
    ];
  }
  const [shared, own] = [draft.interfaces[old.interface], draft.interfaces[standby.interface]];
  if (shared === undefined || own === undefined) return [unknown('interface', old.interface)];
  Object.assign(shared, { attachedTo: standby.id, server: standby.server });
  Object.assign(own, { attachedTo: old.id, server: old.server });
  old.interface = own.id;
  standby.interface = shared.id;
  delete draft.loadBalancers[balancer];
  draft.loadBalancers[standby.id] = { ...record, instance: standby.id, standby: old.id };
  return DONE;
};

/** Whether nobody hears of an instance: it, its server or its zone has failed, or the only link of either. */
export function isCutOff(model: Model, { id, name, server }: Instance): boolean {
  const zone = model.servers[server]?.zone ?? null;
  const parts = [
    { id, name },
    { id: server, name: server },
  ];
  if (parts.some((part) => outageOf(model, part.name, { id: part.id, zone }) !== null)) return true;
  return Object.keys(model.failures).some((failure) => {
    const ends = failure.split('--');
    return ends.includes(id) || (ends.includes(server) && ends.includes(FABRIC));
  });
}
