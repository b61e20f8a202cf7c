import type { Stage } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import { allowedParts } from './allowed-parts.ts';
import { type Box, coversBox, EVERYTHING, FIELD, first, ICMP_ERROR, last, withRange } from './boxes.ts';
import type { Flow, Learned } from './learned.ts';
import { narrow, type SetNode, standsFor } from './set-node.ts';

/**
 * A firewall on sets: what its rules allow, and where connections are tracked, what answers one that somebody could open.
 *
 * Every set that a rule allows opens a set of connections, ICMP errors apart. The engine opens them for packets that can be a first
 * one and closes them in time; here any packet opens and nothing ends, so the sets contain what the engine lets pass.
 */
export function filterSets(stage: Stage<'filter'>, from: SetNode, learned: Learned): readonly SetNode[] {
  const passed = beginningSets(learned.space, stage, from);
  if (stage.tracking === null) return passed;
  for (const by of passed) {
    learned.open(stage.tracking.table, { original: by.header.now, translated: by.header.now, by });
  }
  const answers = trackedSets(stage, from, learned);
  return [...passed, ...answers.filter((answer) => !passed.some((part) => coversHeader(part, answer)))];
}

/** What of a set waits for connections that are not known yet; `null` where the rules allow all of it. */
export function awaiting(space: AddressSpace, stage: Stage<'filter'>, from: SetNode): SetNode | null {
  return beginningSets(space, stage, from).some((part) => coversHeader(part, from)) ? null : from;
}

/** What passes as a part of connections that the set has not met yet: answers, and ICMP errors either way. */
export function trackedSets(stage: Stage<'filter'>, from: SetNode, learned: Learned): readonly SetNode[] {
  if (stage.tracking === null) return [];
  const found: SetNode[] = [];
  for (const flow of learned.flows(stage.tracking.table)) {
    for (const limits of [flow.original, answerTo(flow.original), ...errorsAbout(flow.original)]) {
      const part = narrow(from, limits);
      if (part === null) continue;
      const answer = asAnswer(part, flow);
      if (!found.some((other) => coversHeader(other, answer) && standsFor(other, answer))) found.push(answer);
    }
  }
  return found;
}

/** A witness needs the connection that lets it pass; an answer through a translator has one already. */
function asAnswer(part: SetNode, { by }: Flow): SetNode {
  return part.opening === null ? { ...part, opening: by } : part;
}

function coversHeader(outer: SetNode, inner: SetNode): boolean {
  return coversBox(outer.header.now, inner.header.now);
}

/** Whatever may begin a connection: an ICMP error belongs to one, or to none. */
const NO_ERRORS: Box = withRange(EVERYTHING, FIELD.protocol, 0, ICMP_ERROR - 1);

/** What passes by rules: where connections are tracked, no ICMP errors. */
function beginningSets(space: AddressSpace, stage: Stage<'filter'>, from: SetNode): readonly SetNode[] {
  if (stage.tracking === null) return allowedSets(space, stage, from);
  const begins = narrow(from, NO_ERRORS);
  return begins === null ? [] : allowedSets(space, stage, begins);
}

/** The same packets with their ends exchanged. */
function answerTo(flow: Box): Box {
  const at = (field: 0 | 1 | 2 | 3 | 4): readonly [number, number] => [first(flow, field), last(flow, field)];
  return [
    ...at(FIELD.target),
    ...at(FIELD.source),
    ...at(FIELD.protocol),
    ...at(FIELD.targetPort),
    ...at(FIELD.sourcePort),
  ];
}

/** From whoever is on the way, to either end. */
function errorsAbout(flow: Box): readonly Box[] {
  const errors = withRange(EVERYTHING, FIELD.protocol, ICMP_ERROR, ICMP_ERROR);
  return [FIELD.source, FIELD.target].map((end) =>
    withRange(errors, FIELD.target, first(flow, end), last(flow, end)),
  );
}

/** Rules only allow, so what passes is the union of what each allows; which came first makes no difference. */
function allowedSets(space: AddressSpace, stage: Stage<'filter'>, from: SetNode): readonly SetNode[] {
  return allowedParts(space, stage.rules, stage.direction, from);
}
