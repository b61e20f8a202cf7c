import { incrementTtl, isIp, type Link, packetLength, piecesFor } from '../../packet/index.ts';
import { NOWHERE } from '../../program/index.ts';
import { fragmentationNeeded, icmpErrorAbout } from '../errors.ts';
import { CONTINUE, drop, type Outcome, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

/**
 * RFC 791 and 1191: a router cuts what is too long for the next link, or, where the sender forbids it, drops the packet and
 * says which length would fit. What came here in pieces and was put together goes on in the same pieces.
 */
export const decideFit: Decide<'fit'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return CONTINUE;
  if (packet.kept.cuts === undefined && packetLength(packet) <= stage.mtu) return CONTINUE;
  const pieces = piecesFor(packet, stage.mtu);
  if (pieces !== null) return split(frame.link, pieces);
  if (stage.errors === NOWHERE) return drop('mtu.exceeded');
  const error = fragmentationNeeded(stage.mtu);
  return drop(
    'mtu.exceeded',
    icmpErrorAbout(frame, incrementTtl(packet), error, stage.reporter, stage.errors, seen),
  );
};

function split(link: Link, packets: NonNullable<ReturnType<typeof piecesFor>>): Outcome {
  const pieces = packets.map((body) => ({ link, body }));
  return { ...outcome('split', null, NOWHERE, -1), pieces };
}
