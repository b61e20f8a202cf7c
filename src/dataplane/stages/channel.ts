import { contains } from '../../address/index.ts';
import { espOf, type IpPacket, isIp, openPacket, sealPacket } from '../../packet/index.ts';
import { NOWHERE, type Selectors } from '../../program/index.ts';
import { advanced, isFresh, LAST_SEQUENCE } from '../associations.ts';
import { NO_LINK } from '../errors.ts';
import { drop, type Effect, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

/** TTL of the outer packet (RFC 4301 5.1.2.1): fresh, so that the way outside is nobody's business inside. */
const OUTER_TTL = 64;

const NOT_IP = drop('accept.not-ip');
const DOWN = drop('channel.down');
const NOT_CARRIED = drop('channel.not-carried');
const UNKNOWN_SPI = drop('esp.unknown-spi');
const AUTH_FAILED = drop('esp.auth-failed');
const REPLAYED = drop('esp.replayed');
const POLICY = drop('esp.policy');
const EXHAUSTED = drop('esp.sequence-exhausted');

/** Rows N-04 and S-12: a channel that is down takes nothing, and one that is up only what it is for. */
export const decideChannel: Decide<'channel'> = (stage, _seen, frame) => {
  if (!isIp(frame.body)) return NOT_IP;
  if (!stage.up) return DOWN;
  return admits(stage.selectors, frame.body) ? outcome('forward', null, stage.to, -1) : NOT_CARRIED;
};

/** The whole packet becomes the secret of another one, from gateway to gateway (rows S-01, S-05; RFC 4303 3.3). */
export const decideSeal: Decide<'seal'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return NOT_IP;
  const { association } = stage;
  const { sent } = seen.association(association);
  if (sent >= LAST_SEQUENCE) return EXHAUSTED;
  const sequence = sent + 1;
  const outer = sealPacket(packet, stage, sequence, OUTER_TTL);
  const effect: Effect = { kind: 'sealed', association, sequence };
  return outcome('forward', { link: NO_LINK, body: outer }, stage.to, -1, effect);
};

/**
 * The other end (RFC 4303 3.4): the SPI names the key, the number must be fresh, the ICV must fit, and only then does the
 * replay window move and is the packet inside looked at, for what the policy lets through this association (RFC 4301 5.2).
 */
export const decideOpen: Decide<'open'> = (stage, seen, frame) => {
  const outer = frame.body;
  if (!isIp(outer)) return NOT_IP;
  const esp = espOf(outer);
  if (esp === null) return POLICY;
  const known = stage.associations.get(esp.spi);
  if (known === undefined) return UNKNOWN_SPI;
  const { window } = seen.association(known.association);
  if (!isFresh(window, esp.sequence)) return REPLAYED;
  const inner = openPacket(outer, known.key);
  if (inner === 'not-authentic') return AUTH_FAILED;
  const effect: Effect = {
    kind: 'opened',
    association: known.association,
    sequence: esp.sequence,
    window: advanced(window, esp.sequence),
  };
  if (typeof inner === 'string' || !admits(known.selectors, inner)) return drop('esp.policy', effect);
  const link = { target: stage.mac, source: stage.mac, vlan: null };
  return outcome('continue', { link, body: inner }, NOWHERE, -1, effect);
};

function admits({ sources, targets }: Selectors, packet: IpPacket): boolean {
  return (
    sources.some((block) => contains(block, packet.source)) &&
    targets.some((block) => contains(block, packet.target))
  );
}
