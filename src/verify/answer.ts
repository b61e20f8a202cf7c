import { PROTOCOL } from '../packet/index.ts';
import { type Box, EVERYTHING, FIELD, ICMP_ERROR, withRange } from './boxes.ts';
import type { Carried, Shows } from './claims.ts';
import { narrow, type SetNode } from './set-node.ts';

/** What looking for a packet that breaks a claim has come to; `null`: nothing breaks it. */
export type Answer =
  | null
  | { readonly vacuous: string }
  | { readonly undecided: string }
  | { readonly broken: SetNode; readonly reached: number | null; readonly shows?: Shows };

/** The parts of a set that a claim is about. */
export function carriedParts(node: SetNode, carried: Carried | null): readonly SetNode[] {
  if (carried === null) return [node];
  return boxesOf(carried).flatMap((box) => narrow(node, box) ?? []);
}

function boxesOf({ protocol, ports }: Carried): readonly Box[] {
  const typed = (number: number): Box => withRange(EVERYTHING, FIELD.protocol, number, number);
  if (protocol === 'icmp') return [typed(PROTOCOL.icmp), typed(ICMP_ERROR)];
  return [withRange(typed(PROTOCOL[protocol]), FIELD.targetPort, ports.first, ports.last)];
}
