/**
 * For authors of property tests: networks, packets and failures to be drawn by fast-check, laws that hold in every network, and
 * an `assertProperty` that shows the smallest network in which something does not.
 *
 * docs/KIT.md is the guide. What is exported here is what others may rely on.
 */
export { addresses, blocks } from './addresses.ts';
export { assertProperty, PropertyFailed, type PropertyOptions } from './assert-property.ts';
export { failures } from './failures.ts';
export {
  type Answers,
  answeredByWhoWasAsked,
  customersAreApart,
  everyPacketEnds,
  LAWS,
  type Law,
  LawBroken,
  oneHopEach,
  proofsAgree,
  sameAgain,
  textReadsBack,
} from './laws.ts';
export { type NetworkOptions, networks } from './networks.ts';
export { packets, type Trial, trials } from './packets.ts';
