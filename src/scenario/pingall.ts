import { formatIp } from '../address/index.ts';
import { displayNames } from '../model/index.ts';
import { endOf } from './journey-end.ts';
import { ask } from './question.ts';
import { pingBySets } from './set-ping.ts';
import type { World } from './world.ts';

/** Who reaches whom with an ICMP echo, and who answered. */
export interface PingMatrix {
  readonly targets: readonly { readonly name: string; readonly address: string }[];
  readonly rows: readonly { readonly from: string; readonly results: readonly PingResult[] }[];
}

export interface PingResult {
  readonly outcome: 'answered' | 'unanswered' | 'dropped';
  /** the machine that the request reached, whatever address it was sent to; `null` where it was dropped */
  readonly reached: string | null;
  /** why not, with the device that dropped it */
  readonly reason: string | null;
}

/**
 * Every machine pings every address in the scenario, one after the other. Addresses that several networks have are
 * one column: what they lead to depends on who asks.
 *
 * @param by `sets`: what is so for every ping, whatever its identifier, instead of what became of one
 */
export function pingAll(world: World, by: 'engine' | 'sets' = 'engine'): PingMatrix {
  const names = displayNames(world.model);
  const byAddress = new Map<string, string[]>();
  const note = (address: string, name: string) => {
    const known = byAddress.get(address);
    if (known === undefined) byAddress.set(address, [name]);
    else known.push(name);
  };
  const { interfaces, hsms, instances, internetHosts } = world.model;
  for (const vni of Object.values(interfaces)) {
    const id = instances[vni.attachedTo] === undefined ? vni.id : vni.attachedTo;
    note(formatIp(vni.address), names.get(id) ?? id);
  }
  for (const { public: published, attachedTo } of Object.values(interfaces)) {
    if (published !== null) note(formatIp(published), `${names.get(attachedTo) ?? attachedTo} in public`);
  }
  for (const { address, name } of Object.values({ ...hsms, ...internetHosts })) {
    note(formatIp(address), names.get(name) ?? name);
  }
  for (const { address, id } of Object.values(world.model.siteMachines)) {
    note(formatIp(address), names.get(id) ?? id);
  }
  const targets = [...byAddress].map(([address, owners]) => ({ name: owners.join(' = '), address }));
  const rows = [...world.machines.values()].map(({ id }) => ({
    from: names.get(id) ?? id,
    results: targets.map(({ address }) =>
      by === 'engine' ? ping(world, id, address) : pingBySets(world, id, address),
    ),
  }));
  return { targets, rows };
}

function ping(world: World, from: string, address: string): PingResult {
  const asked = ask(world, { from, to: address, carry: { kind: 'icmp-echo' }, ttl: null, source: null });
  if (!asked.ok || asked.value.request === null) return { outcome: 'dropped', reached: null, reason: null };
  const { program } = world.engine;
  const { request, reply, answer } = asked.value;
  const end = endOf(program, request);
  if (end.verdict !== 'delivered') return { outcome: 'dropped', reached: null, reason: end.text };
  const name = program.devices.find((device) => device.id === end.id)?.name ?? end.id;
  if (answer !== null || reply !== null) {
    const back = reply === null ? null : endOf(program, reply);
    if (back === null || back.verdict === 'delivered')
      return { outcome: 'answered', reached: name, reason: null };
    return { outcome: 'unanswered', reached: name, reason: `the reply is ${back.text}` };
  }
  return { outcome: 'unanswered', reached: name, reason: 'no reply was sent' };
}
