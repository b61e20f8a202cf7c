import { isIcmp, PROTOCOL } from '../packet/index.ts';
import type { Reverse, Stage } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import {
  type Box,
  coversBox,
  EVERYTHING,
  FIELD,
  type Field,
  first,
  ICMP_ERROR,
  last,
  lastOf,
  withRange,
} from './boxes.ts';
import type { Flow, Learned } from './learned.ts';
import { assign, type HeaderSet, narrow, type SetNode, standsFor, withHeader } from './set-node.ts';

/**
 * Network address translation of FIG. 3 on sets.
 *
 * Outward, every set of packets to the outer address opens a set of connections; which source port the translator
 * picks for one of them depends on its state, so any may come out. Inward passes what answers a connection that some
 * machine could have opened, and opens what a reverse mapping names. ICMP errors go either way for a connection.
 */
export function translateSets(
  stage: Stage<'translate'>,
  from: SetNode,
  learned: Learned,
): readonly SetNode[] {
  const { table, reverse, direction } = stage;
  const opened = direction === 'outward' ? openedByClients(stage, from, learned) : [];
  const known = knownSets(stage, from, learned, table);
  if (reverse === null) return [...opened, ...known];
  const told = direction === 'inward' ? openedByHsm(stage, from, learned) : [];
  return [...opened, ...known, ...told, ...knownSets(stage, from, learned, reverse.table)];
}

/** What passes as a part of the connections of one table that the set has not met yet. */
export function knownSets(
  stage: Stage<'translate'>,
  from: SetNode,
  learned: Learned,
  table: number,
): readonly SetNode[] {
  const opens = table === stage.table ? 'outward' : 'inward';
  const flows = learned.flows(table);
  return stage.direction === opens ? errorsAlong(from, flows) : answerSets(from, flows);
}

const ANY_PORT = [0, lastOf(FIELD.sourcePort)] as const;

function openedByClients(stage: Stage<'translate'>, from: SetNode, learned: Learned): readonly SetNode[] {
  const { space } = learned;
  const outer = space.numberOf(stage.outer);
  const called = narrow(from, withRange(EVERYTHING, FIELD.target, outer, outer));
  if (called === null) return [];
  return space.tracked.flatMap((protocol) => {
    const by = narrow(called, protocol);
    if (by === null) return [];
    const target = setAddress(by.header, FIELD.target, space.numberOf(stage.target));
    const header = stage.sourceRewrite
      ? setAddress(target, FIELD.source, space.numberOf(stage.inward))
      : target;
    const ways = stage.sourceRewrite
      ? pickedPorts(stage, by.header).map((ports) => assign(header, FIELD.sourcePort, ...ports))
      : [header];
    return ways.map((translated) => {
      learned.open(stage.table, { original: by.header.now, translated: translated.now, by });
      return withHeader(by, translated);
    });
  });
}

/** The source ports that the translator may pick: those of its range, without those that lead to the HSM's own reports. */
function pickedPorts({ ports, reverse }: Stage<'translate'>, { now }: HeaderSet): readonly PortSpan[] {
  const protocol = first(now, FIELD.protocol);
  if (isIcmp(protocol)) return [ANY_PORT];
  const spans: PortSpan[] = [];
  const taken = (reverse?.mappings ?? []).filter((mapping) => PROTOCOL[mapping.protocol] === protocol);
  let next = Math.max(1, ports.first);
  for (const port of taken.map((mapping) => mapping.port).sort((one, other) => one - other)) {
    if (port < next || port > ports.last) continue;
    if (next < port) spans.push([next, port - 1]);
    next = port + 1;
  }
  if (next <= ports.last) spans.push([next, ports.last]);
  return spans;
}

type PortSpan = readonly [first: number, last: number];

/** Row T-14: what the HSM sends to a mapped port goes to the collector, from the outer address. */
function openedByHsm(stage: Stage<'translate'>, from: SetNode, learned: Learned): readonly SetNode[] {
  const { reverse } = stage;
  const { space } = learned;
  if (reverse === null) return [];
  return reverse.mappings.flatMap((mapping) => {
    const by = narrow(from, mappedBox(space, stage, mapping));
    if (by === null) return [];
    const target = setAddress(by.header, FIELD.target, space.numberOf(mapping.to));
    const source = setAddress(target, FIELD.source, space.numberOf(stage.outer));
    const translated = assign(source, FIELD.sourcePort, ...ANY_PORT);
    learned.open(reverse.table, { original: by.header.now, translated: translated.now, by });
    return [withHeader(by, translated)];
  });
}

function mappedBox(
  space: AddressSpace,
  stage: Stage<'translate'>,
  { protocol, port }: Reverse['mappings'][number],
): Box {
  const [source, target] = [space.numberOf(stage.target), space.numberOf(stage.inward)];
  const number = PROTOCOL[protocol];
  return [source, source, target, target, number, number, ...ANY_PORT, port, port];
}

export const ERRORS: Box = withRange(EVERYTHING, FIELD.protocol, ICMP_ERROR, ICMP_ERROR);

/** An error about an answer bears the addresses of the connection, whoever sends it. */
function errorsAlong(from: SetNode, flows: readonly Flow[]): readonly SetNode[] {
  const found: SetNode[] = [];
  for (const { original, translated, by } of flows) {
    const error = narrow(from, towards(ERRORS, original, FIELD.target));
    if (error === null) continue;
    const target = assign(error.header, FIELD.target, ...rangeOf(translated, FIELD.target));
    const header = assign(target, FIELD.source, ...rangeOf(translated, FIELD.source));
    const told = withHeader(error, header, by);
    if (found.some((other) => coversBox(other.header.now, header.now) && standsFor(other, told))) continue;
    found.push(told);
  }
  return found;
}

/** What answers a connection, and errors about what it sent, go back to who opened it. */
function answerSets(from: SetNode, flows: readonly Flow[]): readonly SetNode[] {
  const found: SetNode[] = [];
  for (const flow of flows) {
    const answer = narrow(from, answerTo(flow));
    if (answer !== null) {
      const ports = rangeOf(flow.original, FIELD.sourcePort);
      found.push(
        withHeader(answer, assign(returned(answer.header, flow), FIELD.targetPort, ...ports), flow.by),
      );
    }
    // from whoever is on the way, to the address that the packet in the quote had as its source
    const error = narrow(from, towards(ERRORS, flow.translated, FIELD.source));
    if (error !== null) found.push(withHeader(error, returned(error.header, flow), flow.by));
  }
  return found;
}

/** The reply tuple: what was sent, with its two ends exchanged. */
function answerTo({ translated }: Flow): Box {
  const at = (field: Field): readonly [number, number] => rangeOf(translated, field);
  // An echo has one identifier, which both port fields stand for.
  const echo = isIcmp(first(translated, FIELD.protocol));
  const [source, target] = echo ? [ANY_PORT, ANY_PORT] : [at(FIELD.targetPort), at(FIELD.sourcePort)];
  return [...at(FIELD.target), ...at(FIELD.source), ...at(FIELD.protocol), ...source, ...target];
}

/** From what the opener called, to the opener. */
function returned(header: HeaderSet, { original }: Flow): HeaderSet {
  const source = assign(header, FIELD.source, ...rangeOf(original, FIELD.target));
  return assign(source, FIELD.target, ...rangeOf(original, FIELD.source));
}

/** `box` with the target that a flow has in `field`. */
function towards(box: Box, flow: Box, field: 0 | 1): Box {
  return withRange(box, FIELD.target, ...rangeOf(flow, field));
}

function setAddress(header: HeaderSet, field: 0 | 1, address: number): HeaderSet {
  return assign(header, field, address, address);
}

function rangeOf(box: Box, field: Field): readonly [number, number] {
  return [first(box, field), last(box, field)];
}
