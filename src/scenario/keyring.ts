import { contains, type Ip } from '../address/index.ts';
import { seededRandom } from '../base/index.ts';
import type { Peer } from '../host/index.ts';
import { channelId, type Model, SEALED_PORTS } from '../model/index.ts';
import { deriveRecordKey } from '../packet/index.ts';

/**
 * Two who talk over the Internet in secret: what HSMs report concerns nobody on the way (FIG. 2, ruling Q-33). The provider, whose
 * machines they all are, gives both of them keys; there is no handshake.
 */
export interface Pair {
  /** who begins: the bastion, a gateway that watches its channel, a reader of the queue */
  readonly caller: string;
  readonly service: string;
  /** by which both know the keys */
  readonly number: number;
}

/** Numbers of one sort of caller begin here: a pair keeps its number whatever else comes. */
const FIRST = { bastion: 0x1000_0000, channel: 0x2000_0000, reader: 0x3000_0000 } as const;

/** All pairs, those of the bastions first. */
export function pairsOf(model: Model): readonly Pair[] {
  const { service, bastions, channels } = model;
  if (service === null) return [];
  const { sink, management } = service;
  const services = [...new Set([sink.host, management])];
  const ofBastions = Object.keys(bastions).flatMap((caller, at) =>
    services.map((called, which) => ({ caller, service: called, number: FIRST.bastion + 2 * at + which })),
  );
  const ofChannels = Object.values(channels).flatMap(({ customer, kind }) => {
    if (kind.kind === 'direct') return [];
    return [
      { caller: channelId(customer), service: management, number: FIRST.channel + kind.towardsNetwork },
    ];
  });
  const ofReaders = readersOf(model).map((caller, at) => ({
    caller,
    service: sink.host,
    number: FIRST.reader + at,
  }));
  return [...ofBastions, ...ofChannels, ...ofReaders];
}

/** The hosts of the service team, who may read a queue: to them the provider gave a key for it. */
export function readersOf({ service, internetHosts }: Model): readonly string[] {
  if (service === null || service.sink.kind !== 'queue') return [];
  const { sink, management, crp } = service;
  return Object.entries(internetHosts).flatMap(([id, { address }]) =>
    contains(crp, address) && id !== sink.host && id !== management ? [id] : [],
  );
}

/** By name. */
export type Peers = ReadonlyMap<string, Peer>;

/**
 * With whom machines share keys, by their ids.
 *
 * @param known what a machine has already, for keys that stay are not derived again; `null` for what is no machine
 */
export function keyringOf(
  model: Model,
  seed: number,
  known: (owner: string) => Peers | null,
): ReadonlyMap<string, Peers> {
  const ring = new Map<string, Map<string, Peer>>();
  const pairs = pairsOf(model);
  if (pairs.length === 0) return ring;
  const secret = secretOf(seed);
  const add = (owner: string, peer: Omit<Peer, 'seal' | 'open'>): void => {
    const before = known(owner);
    if (before === null) return;
    const own = ring.get(owner) ?? new Map<string, Peer>();
    const kept = before.get(peer.name);
    const goesOn = kept !== undefined && kept.number === peer.number;
    own.set(peer.name, goesOn ? kept : { ...peer, ...keysOf(secret, owner, peer.name) });
    ring.set(owner, own);
  };
  for (const { caller, service, number } of pairs) {
    add(caller, { name: service, address: addressOf(model, service), number });
    add(service, { name: caller, address: null, number });
  }
  return ring;
}

/** What a channel’s gateway, which is a router without a stack, shares with management; `null`: nothing. */
export function peerOfChannel(model: Model, seed: number, channel: string): Peer | null {
  const pair = pairsOf(model).find(({ caller }) => caller === channel);
  if (pair === undefined) return null;
  const { service, number } = pair;
  return {
    name: service,
    address: addressOf(model, service),
    number,
    ...keysOf(secretOf(seed), channel, service),
  };
}

function addressOf({ internetHosts }: Model, service: string): Ip | null {
  return internetHosts[service]?.address ?? null;
}

/** UDP ports on which nothing is said in plain text between those who share keys. */
export const SECRET_PORTS: ReadonlySet<number> = new Set(Object.values(SEALED_PORTS));

function keysOf(secret: string, own: string, other: string): Pick<Peer, 'seal' | 'open'> {
  return {
    seal: deriveRecordKey(secret, `${own} to ${other}`),
    open: deriveRecordKey(secret, `${other} to ${own}`),
  };
}

function secretOf(seed: number): string {
  const bytes = seededRandom(seed, 'keys that the provider gives its machines').bytes(32);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
