import { type Ip, parseIp, port } from '../address/index.ts';
import { failure, type Result, success } from '../base/index.ts';
import { displayNames, idsNamed } from '../model/index.ts';
import { type Conversation, converse } from './conversation.ts';
import type { Carry, DeviceReference, Stimulus } from './scenario.ts';
import type { Talk } from './steps.ts';
import type { World } from './world.ts';

/** A packet that somebody asks about, outside of any step. */
export interface Question {
  readonly from: string;
  readonly to: string;
  readonly carry: Carry;
  readonly ttl: number | null;
  readonly source: Ip | null;
  /** what is said to a security module on the connection */
  readonly talk?: Talk | null;
}

/** Why a question makes no sense, in words, and what may have been meant. */
export interface Misunderstood {
  readonly message: string;
  readonly choices: readonly string[];
}

/** Sends the packet and lets the network settle. */
export function ask(world: World, question: Question): Result<Conversation, Misunderstood> {
  const from = machineNamed(world, question.from);
  if (!from.ok) return from;
  const address = addressMeant(world, question.to);
  if (!address.ok) return address;
  const stimulus: Stimulus = {
    from: from.value,
    to: { address: address.value, named: null },
    balance: null,
    carry: question.carry,
    ttl: question.ttl,
    forgedSource: question.source,
    keepsOpen: false,
    payload: null,
    timeout: null,
    size: null,
    dontFragment: null,
    fragments: null,
    talk: question.talk ?? null,
    where: [],
    source: { file: world.scenario.file, line: 1, column: 1 },
  };
  const [conversation] = converse(world, [stimulus]);
  return conversation === undefined
    ? failure({ message: 'nothing was sent', choices: [] })
    : success(conversation);
}

/** What is carried when only a protocol and a port are given. */
export function carryOf(protocol: 'tcp' | 'udp' | 'icmp', targetPort: number): Carry {
  if (protocol === 'icmp') return { kind: 'icmp-echo' };
  return { kind: protocol, port: port(targetPort), sourcePort: null };
}

export function machineNamed(world: World, name: string): Result<DeviceReference, Misunderstood> {
  const ids = idsNamed(world.model, name);
  const machines = ids.filter((id) => world.machines.has(id));
  const [id] = machines;
  if (id !== undefined && machines.length === 1) {
    return success({
      kind: machineKind(world, id),
      customer: (world.model.instances[id] ?? world.model.siteMachines[id])?.customer ?? null,
      name,
      id,
      where: [],
      source: { file: world.scenario.file, line: 1, column: 1 },
    });
  }
  const choices = machines.length > 1 ? machines : machineNames(world);
  const what = machines.length > 1 ? `"${name}" is ambiguous` : `no machine "${name}" can send`;
  return failure({ message: what, choices });
}

/** Everybody who can send, by the shortest name that leads to nobody else. */
export function machineNames({ model, machines }: World): readonly string[] {
  const names = displayNames(model);
  return [...machines.keys()].map((id) => names.get(id) ?? id);
}

function machineKind({ model }: World, id: string): DeviceReference['kind'] {
  if (model.hsms[id] !== undefined) return 'hsm';
  if (model.siteMachines[id] !== undefined) return 'site-machine';
  return model.internetHosts[id] === undefined ? 'instance' : 'internet-host';
}

/** An address, or the name of something that has one. */
export function addressMeant(world: World, text: string): Result<Ip, Misunderstood> {
  const parsed = parseIp(text);
  if (parsed.ok) return success(parsed.value);
  const { instances, interfaces, hsms, internetHosts, siteMachines } = world.model;
  const ids = idsNamed(world.model, text);
  const addresses = ids.flatMap((id) => {
    const vni = interfaces[id] ?? interfaces[instances[id]?.interface ?? ''];
    const address =
      vni?.address ?? hsms[id]?.address ?? internetHosts[id]?.address ?? siteMachines[id]?.address;
    return address === undefined ? [] : [address];
  });
  const [address] = addresses;
  if (address !== undefined && addresses.length === 1) return success(address);
  const { message, nearMiss } = parsed.fault;
  if (/^[0-9.]+$/.test(text)) {
    return failure({ message, choices: nearMiss === undefined ? [] : [nearMiss] });
  }
  if (ids.length > 1) return failure({ message: `"${text}" is ambiguous`, choices: ids });
  const names = displayNames(world.model);
  const addressed = [
    ...Object.keys(instances),
    ...Object.keys(interfaces),
    ...Object.keys({ ...hsms, ...internetHosts, ...siteMachines }),
  ];
  return failure({
    message: `"${text}" is neither an IPv4 address nor the name of something that has one`,
    choices: addressed.flatMap((id) => names.get(id) ?? []),
  });
}
