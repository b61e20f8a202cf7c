import { contains } from '../../address/index.ts';
import { type IpPacket, isIp, MECHANISMS, type MechanismKind } from '../../packet/index.ts';
import { NOWHERE, type Selectors } from '../../program/index.ts';
import { advanced, isFresh } from '../associations.ts';
import type { DropReason } from '../drop-reasons/index.ts';
import { NO_LINK } from '../errors.ts';
import { drop, type Effect, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

/** TTL of the outer packet (RFC 4301 5.1.2.1): fresh, so that the way outside is nobody's business inside. */
const OUTER_TTL = 64;

const NOT_IP = drop('accept.not-ip');
const DOWN = drop('channel.down');
const NOT_CARRIED = drop('channel.not-carried');

type Refusal = 'unknown' | 'unauthentic' | 'replayed' | 'policy' | 'exhausted';

const REASONS: { readonly [Kind in MechanismKind]: { readonly [K in Refusal]: DropReason } } = {
  ipsec: {
    unknown: 'esp.unknown-spi',
    unauthentic: 'esp.auth-failed',
    replayed: 'esp.replayed',
    policy: 'esp.policy',
    exhausted: 'esp.sequence-exhausted',
  },
  wireguard: {
    unknown: 'wireguard.unknown-index',
    unauthentic: 'wireguard.auth-failed',
    replayed: 'wireguard.replayed',
    policy: 'wireguard.not-allowed',
    exhausted: 'wireguard.counter-exhausted',
  },
};

/** Rows N-04 and S-12: a channel that is down takes nothing, and one that is up only what it is for. */
export const decideChannel: Decide<'channel'> = (stage, _seen, frame) => {
  if (!isIp(frame.body)) return NOT_IP;
  if (!stage.up) return DOWN;
  return admits(stage.selectors, frame.body) ? outcome('forward', null, stage.to, -1) : NOT_CARRIED;
};

/** The whole packet becomes the secret of another one, from gateway to gateway (rows S-01, S-03, S-05; RFC 4303 3.3). */
export const decideSeal: Decide<'seal'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return NOT_IP;
  const { association, mechanism } = stage;
  const { seal, lastSequence } = MECHANISMS[mechanism];
  const { sent } = seen.association(association);
  if (sent >= lastSequence) return drop(REASONS[mechanism].exhausted);
  const sequence = sent + 1;
  const outer = seal(packet, stage, sequence, OUTER_TTL);
  const effect: Effect = { kind: 'sealed', association, sequence };
  return outcome('forward', { link: NO_LINK, body: outer }, stage.to, -1, effect);
};

/**
 * The other end (RFC 4303 3.4, and WireGuard the same): a number names the key, the number must be fresh, the ICV must fit, and only then does the
 * replay window move and is the packet inside looked at, for what the policy lets through this association (RFC 4301 5.2).
 */
export const decideOpen: Decide<'open'> = (stage, seen, frame) => {
  const outer = frame.body;
  if (!isIp(outer)) return NOT_IP;
  const { markOf, open } = MECHANISMS[stage.mechanism];
  const reasons = REASONS[stage.mechanism];
  const mark = markOf(outer);
  if (mark === null) return drop(reasons.policy);
  const { number, sequence } = mark;
  const known = stage.associations.get(number);
  if (known === undefined) return drop(reasons.unknown);
  const { window } = seen.association(known.association);
  if (!isFresh(window, sequence)) return drop(reasons.replayed);
  const inner = open(outer, known.key);
  if (inner === 'not-authentic') return drop(reasons.unauthentic);
  const effect: Effect = {
    kind: 'opened',
    association: known.association,
    sequence,
    window: advanced(window, sequence),
  };
  if (typeof inner === 'string' || !admits(known.selectors, inner)) return drop(reasons.policy, effect);
  const link = { target: stage.mac, source: stage.mac, vlan: null };
  return outcome('continue', { link, body: inner }, NOWHERE, -1, effect);
};

function admits({ sources, targets }: Selectors, packet: IpPacket): boolean {
  return (
    sources.some((block) => contains(block, packet.source)) &&
    targets.some((block) => contains(block, packet.target))
  );
}
