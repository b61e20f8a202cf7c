import { contains, formatIp } from '../address/index.ts';
import type { Journey } from '../dataplane/index.ts';
import { describePacket, type IpPacket, isIp, TCP } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import type { ReplyExpectation } from './expected.ts';
import type { Finding } from './finding.ts';
import { type End, endOf } from './journey-end.ts';
import { devicesOf, matchesPath, namesOf, pathOf, waypointNames } from './path.ts';
import { blockText, packetText } from './sighting.ts';

/** Whether, whence and by which way an answer came back. */
export function* judgeReply(
  program: Program,
  expected: ReplyExpectation,
  request: Journey,
  reply: Journey | null,
  line: number,
): Generator<Finding, void, undefined> {
  const end = reply === null ? null : endOf(program, reply);
  const arrived = end?.verdict === 'delivered';
  const sender = program.devices[request.place.device];
  if (expected.kind === 'none') {
    const message = end === null ? 'no reply was sent' : end.text;
    yield {
      name: 'no reply arrives',
      passed: !arrived || isError(end),
      message: arrived && !isError(end) ? `got: ${message}` : message,
      line,
    };
    return;
  }
  const back = arrived && end.id === sender?.id;
  const packet = end?.step?.before.body;
  if (isIp(packet) && isError(end)) {
    const got = `${isReset(packet) ? 'a refusal' : 'an error'}, ${describePacket(packet)}`;
    yield { name: `a reply reaches ${sender?.name}`, passed: false, message: `got: ${got}`, line };
    return;
  }
  if (!back || !isIp(packet) || reply === null) {
    const got = end === null ? 'no reply was sent' : `the reply is ${end.text}`;
    yield { name: `a reply reaches ${sender?.name}`, passed: false, message: `got: ${got}`, line };
    return;
  }
  yield* judgeArrival(program, expected, packet, request, reply, line);
}

/** The headers and the way of a reply that came back. */
function* judgeArrival(
  program: Program,
  expected: Extract<ReplyExpectation, { kind: 'some' }>,
  packet: IpPacket,
  request: Journey,
  reply: Journey,
  line: number,
): Generator<Finding, void, undefined> {
  const sender = program.devices[request.place.device];
  const { sourceBlock, targetBlock, path } = expected;
  for (const [what, block, address] of [
    ['source', sourceBlock, packet.source],
    ['target', targetBlock, packet.target],
  ] as const) {
    if (block === null) continue;
    const passed = contains(block, address);
    const got = formatIp(address);
    yield {
      name: `the reply's ${what} is ${blockText(block)}`,
      passed,
      message: passed ? got : `got: ${got}`,
      line,
    };
  }
  if (sourceBlock === null && targetBlock === null && path === null) {
    yield { name: `a reply reaches ${sender?.name}`, passed: true, message: packetText(packet), line };
  }
  if (path !== null) yield judgeReplyPath(program, path, request, reply, line);
}

/** Whether what arrived is an ICMP error or a reset: it tells of the request, and is no reply to it. */
function isError(end: End | null): boolean {
  const body = end?.step?.before.body;
  if (!isIp(body)) return false;
  return body.body.kind === 'icmp-error' || isReset(body);
}

function isReset({ body }: IpPacket): boolean {
  return body.kind === 'tcp' && (body.segment.flags & TCP.rst) !== 0;
}

function judgeReplyPath(
  program: Program,
  path: NonNullable<Extract<ReplyExpectation, { kind: 'some' }>['path']>,
  request: Journey,
  reply: Journey,
  line: number,
): Finding {
  const got = devicesOf(program, reply);
  if (path === 'reversed') {
    const there = devicesOf(program, request);
    const passed =
      got.length === there.length && got.every((device, index) => device === there.at(-1 - index));
    const message = `${namesOf(pathOf(program, reply))}`;
    return {
      name: "the reply takes the request's path backwards",
      passed,
      message: passed ? message : `got: ${message}`,
      line,
    };
  }
  const passed = matchesPath(got, path);
  const message = namesOf(pathOf(program, reply));
  return {
    name: 'the reply takes the path',
    passed,
    message: passed ? message : `expected: ${waypointNames(program, path)}; got: ${message}`,
    line,
  };
}
