import { formatIp, port } from '../address/index.ts';
import type { Engine } from '../dataplane/index.ts';
import { type HostStack, type LoadBalancer, loadBalancer, type Target } from '../host/index.ts';
import type { Model } from '../model/index.ts';

/** A load balancer at work, and how it is stopped: nothing that it waits for comes about any more. */
export interface RunningBalancer {
  readonly balancer: LoadBalancer;
  readonly stop: () => void;
}

/** The load balancer that a machine is, or `null`. It listens and checks from now on. */
export function startBalancer(
  engine: Engine,
  model: Model,
  id: string,
  stack: HostStack,
): RunningBalancer | null {
  const record = model.loadBalancers[id];
  if (record === undefined) return null;
  const waiting = new Set<() => void>();
  const balancer = loadBalancer({
    stack,
    port: port(record.port),
    policy: record.policy,
    mode: record.mode,
    fallback: record.fallback,
    zone: zoneOfMachine(model, id),
    check: record.health,
    remind: (delay, awaited, wake) => {
      const reminder = engine.reminders.add(delay, awaited, (now) => {
        waiting.delete(callOff);
        wake(now);
      });
      const callOff = () => {
        waiting.delete(callOff);
        engine.reminders.callOff(reminder);
      };
      waiting.add(callOff);
      return callOff;
    },
  });
  balancer.retarget(targetsOf(model, id));
  balancer.start();
  return {
    balancer,
    stop: () => {
      for (const callOff of [...waiting]) callOff();
    },
  };
}

/** A balancer's targets, with the zones in which the work is done: of an interface to an HSM that is the HSM's. */
export function targetsOf(model: Model, id: string): readonly Target[] {
  const vni = model.interfaces[model.instances[id]?.interface ?? ''];
  const mapping = model.networks[vni?.network ?? '']?.mapping ?? {};
  return (model.loadBalancers[id]?.targets ?? []).map((address) => {
    const owner = model.interfaces[mapping[formatIp(address)] ?? '']?.attachedTo;
    return { address, zone: owner === undefined ? null : zoneOfMachine(model, owner) };
  });
}

function zoneOfMachine(model: Model, id: string): string | null {
  const hsm = model.hsms[model.natInstances[id]?.hsm ?? ''];
  return hsm?.zone ?? model.servers[model.instances[id]?.server ?? '']?.zone ?? null;
}
