import { NOWHERE } from '../../program/index.ts';
import { DELIVER, drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const DOWN = drop('link.down');
const SENT = outcome('transmit', null, NOWHERE, -1);

/** Onto the link; how long it takes and where it ends stands in the stage. */
export const decideTransmit: Decide<'transmit'> = (stage) => (stage.up ? SENT : DOWN);

export const decideDeliver: Decide<'deliver'> = () => DELIVER;
