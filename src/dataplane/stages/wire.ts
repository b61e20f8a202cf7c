import { carriedLength } from '../../packet/index.ts';
import { NOWHERE } from '../../program/index.ts';
import { DELIVER, drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const TOO_LONG = drop('mtu.exceeded');
const DOWN = drop('link.down');
const SENT = outcome('transmit', null, NOWHERE, -1);

/**
 * Onto the link; how long it takes and where it ends stands in the stage. Nothing longer than the link carries is ever on it:
 * routers have seen to that, switches and forgers have not.
 */
export const decideTransmit: Decide<'transmit'> = (stage, _seen, frame) => {
  if (!stage.up) return DOWN;
  return carriedLength(frame) <= stage.mtu ? SENT : TOO_LONG;
};

export const decideDeliver: Decide<'deliver'> = () => DELIVER;
