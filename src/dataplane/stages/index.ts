import type { Kind } from '../../program/index.ts';
import type { Decide } from '../view.ts';
import { decideAccept } from './accept.ts';
import { decideAcl } from './acl.ts';
import { decideAnswer } from './answer.ts';
import { decideSwitch, decideTag, decideVlan } from './bridge.ts';
import { decideChannel, decideOpen, decideSeal } from './channel.ts';
import { decideFilter } from './filter.ts';
import { decideFit } from './fit.ts';
import { decideGlobal, decideOneToOne } from './gateway.ts';
import { decideGather } from './gather.ts';
import { decideGuard } from './guard.ts';
import { decideImpair } from './impair.ts';
import { decideLocate } from './locate.ts';
import { decideNeighbour } from './neighbour.ts';
import { decideRoute } from './route.ts';
import { decideTranslate } from './translate.ts';
import { decideUnwrap, decideWrap } from './tunnel.ts';
import { decideDeliver, decideTransmit } from './wire.ts';

/** What each kind of stage does to one frame. A kind without an entry does not compile. */
export type Steps = { readonly [K in Kind]: Decide<K> };

export const STEPS: Steps = {
  guard: decideGuard,
  filter: decideFilter,
  acl: decideAcl,
  locate: decideLocate,
  wrap: decideWrap,
  unwrap: decideUnwrap,
  accept: decideAccept,
  gather: decideGather,
  translate: decideTranslate,
  'one-to-one': decideOneToOne,
  global: decideGlobal,
  route: decideRoute,
  fit: decideFit,
  neighbour: decideNeighbour,
  channel: decideChannel,
  seal: decideSeal,
  open: decideOpen,
  vlan: decideVlan,
  switch: decideSwitch,
  tag: decideTag,
  impair: decideImpair,
  transmit: decideTransmit,
  answer: decideAnswer,
  deliver: decideDeliver,
};
