import { unsigned } from '../address/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import type { Stage } from '../program/index.ts';
import {
  type Box,
  coversBox,
  EVERYTHING,
  FIELD,
  type Field,
  first,
  ICMP_ERROR,
  intersectBoxes,
  last,
  lastOf,
  withRange,
} from './boxes.ts';
import type { Flow, Learned } from './learned.ts';
import { assign, type HeaderSet, narrow, type SetNode, withHeader } from './set-node.ts';

/**
 * Network address translation of FIG. 3 on sets.
 *
 * Outward, every set of packets to the outer address opens a set of connections; which source port the translator
 * picks for one of them depends on its state, so any may come out. Inward passes what answers a connection that some
 * machine could have opened. ICMP errors go either way for such a connection.
 */
export function translateSets(
  stage: Stage<'translate'>,
  from: SetNode,
  learned: Learned,
): readonly SetNode[] {
  return stage.direction === 'outward' ? outwardSets(stage, from, learned) : inwardSets(stage, from, learned);
}

const PROTOCOLS: readonly Box[] = [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp].map((protocol) =>
  withRange(EVERYTHING, FIELD.protocol, protocol, protocol),
);

const ANY_PORT = [0, lastOf(FIELD.sourcePort)] as const;

function outwardSets(stage: Stage<'translate'>, from: SetNode, learned: Learned): readonly SetNode[] {
  const outer = unsigned(stage.outer);
  const called = narrow(from, withRange(EVERYTHING, FIELD.target, outer, outer));
  if (called === null) return [];
  const found: SetNode[] = [];
  for (const protocol of PROTOCOLS) {
    const by = narrow(called, protocol);
    if (by === null) continue;
    const header = redirected(stage, by.header);
    const translated = stage.sourceRewrite ? assign(header, FIELD.sourcePort, ...ANY_PORT) : header;
    learned.open(stage.table, { original: by.header.now, translated: translated.now, by });
    found.push(withHeader(by, translated));
  }
  const error = narrow(called, ERRORS);
  if (error !== null) found.push(...errorsOutward(stage, error, learned));
  return found;
}

/** An error about an answer bears the addresses of the connection, whoever sends it. */
function errorsOutward(stage: Stage<'translate'>, error: SetNode, learned: Learned): readonly SetNode[] {
  const found: SetNode[] = [];
  for (const { translated, by } of learned.flows(stage.table)) {
    const target = setAddress(error.header, FIELD.target, unsigned(stage.target));
    const source: readonly [number, number] = [
      first(translated, FIELD.source),
      last(translated, FIELD.source),
    ];
    const header = assign(target, FIELD.source, ...source);
    if (found.some((other) => coversBox(other.header.now, header.now))) continue;
    found.push(withHeader(error, header, by));
  }
  return found;
}

export const ERRORS: Box = withRange(EVERYTHING, FIELD.protocol, ICMP_ERROR, ICMP_ERROR);

function redirected(stage: Stage<'translate'>, header: HeaderSet): HeaderSet {
  const target = setAddress(header, FIELD.target, unsigned(stage.target));
  return stage.sourceRewrite ? setAddress(target, FIELD.source, unsigned(stage.inward)) : target;
}

function setAddress(header: HeaderSet, field: 0 | 1, address: number): HeaderSet {
  return assign(header, field, address, address);
}

function inwardSets(stage: Stage<'translate'>, from: SetNode, learned: Learned): readonly SetNode[] {
  const found: SetNode[] = [];
  for (const flow of learned.flows(stage.table)) {
    const answer = narrow(from, answerTo(flow));
    if (answer !== null) found.push(withHeader(answer, answered(stage, flow, answer.header), flow.by));
    const error = narrow(from, errorAbout(flow));
    if (error !== null) {
      const towards = assign(error.header, FIELD.target, ...addresses(flow.original));
      found.push(withHeader(error, setAddress(towards, FIELD.source, unsigned(stage.outer)), flow.by));
    }
  }
  return found;
}

/** The reply tuple: what was sent, with its two ends exchanged. */
function answerTo({ translated }: Flow): Box {
  const at = (field: Field): readonly [number, number] => [first(translated, field), last(translated, field)];
  // An echo has one identifier, which both port fields stand for.
  const echo = first(translated, FIELD.protocol) === PROTOCOL.icmp;
  const [source, target] = echo ? [ANY_PORT, ANY_PORT] : [at(FIELD.targetPort), at(FIELD.sourcePort)];
  return [...at(FIELD.target), ...at(FIELD.source), ...at(FIELD.protocol), ...source, ...target];
}

function answered(stage: Stage<'translate'>, flow: Flow, header: HeaderSet): HeaderSet {
  const source = setAddress(header, FIELD.source, unsigned(stage.outer));
  const target = assign(source, FIELD.target, ...addresses(flow.original));
  return assign(
    target,
    FIELD.targetPort,
    first(flow.original, FIELD.sourcePort),
    last(flow.original, FIELD.sourcePort),
  );
}

/** From whoever is on the way, to the address that the packet in the quote had as its source. */
function errorAbout({ translated }: Flow): Box {
  const target = withRange(
    EVERYTHING,
    FIELD.target,
    first(translated, FIELD.source),
    last(translated, FIELD.source),
  );
  return intersectBoxes(target, ERRORS) ?? target;
}

function addresses(original: Box): [number, number] {
  return [first(original, FIELD.source), last(original, FIELD.source)];
}
