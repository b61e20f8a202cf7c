import { contains, formatIpv4 } from '../address/index.ts';
import type { Journey, Step as TraceStep } from '../dataplane/index.ts';
import { describePacket, type Ipv4Packet } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import { readAnswer } from './answer.ts';
import type { Conversation } from './conversation.ts';
import { judgeSeen, judgeUnseen } from './judge-sighting.ts';
import { devicesOf, matchesPath, nameIn, namesOf, pathOf, waypointNames } from './path.ts';
import type { Answer } from './run-report.ts';
import type {
  AnswerExpectation,
  DeviceReference,
  Expectation,
  ReplyExpectation,
  Waypoint,
} from './scenario.ts';
import { blockText, packetText } from './sighting.ts';

/** What came of one thing that was expected. */
export interface Finding {
  readonly name: string;
  readonly passed: boolean;
  /** what was got; for a failure also what was expected */
  readonly message: string;
  readonly line: number;
  /** whose packet, where several were sent */
  readonly sender?: string;
}

/** Everything a `send` was expected to do, looked at one by one. An expectation holds for each of its packets. */
export function judge(
  program: Program,
  expectation: Expectation,
  conversations: readonly Conversation[],
  journeys: readonly Journey[],
): readonly Finding[] {
  const findings: Finding[] = [];
  const several = conversations.length > 1;
  for (const conversation of conversations) {
    const { from } = conversation.stimulus;
    const sender = nameIn(program, from);
    for (const finding of judgeOne(program, expectation, conversation)) {
      findings.push(several ? { ...finding, name: `${sender}: ${finding.name}`, sender } : finding);
    }
  }
  for (const sighting of expectation.seen) findings.push(judgeSeen(program, sighting, journeys));
  for (const sighting of expectation.unseen) findings.push(judgeUnseen(program, sighting, journeys));
  return findings;
}

function judgeOne(
  program: Program,
  expectation: Expectation,
  conversation: Conversation,
): readonly Finding[] {
  const { line } = expectation.source;
  const { request, reply } = conversation;
  if (request === null) {
    return [{ name: 'sent', passed: false, message: conversation.failed ?? 'nothing was sent', line }];
  }
  const findings: Finding[] = [];
  if (expectation.delivered !== null)
    findings.push(judgeDelivery(program, expectation.delivered, request, line));
  if (expectation.path !== null) findings.push(judgePath(program, expectation.path, request, line));
  if (expectation.dropped !== null) findings.push(judgeDrop(program, expectation, request, reply));
  if (expectation.reply !== null)
    findings.push(...judgeReply(program, expectation.reply, request, reply, line));
  if (expectation.answer !== null) findings.push(judgeAnswer(expectation.answer, conversation, line));
  return findings;
}

function judgeDelivery(program: Program, wanted: DeviceReference, request: Journey, line: number): Finding {
  const end = endOf(program, request);
  const passed = end.verdict === 'delivered' && end.id === wanted.id;
  return {
    name: `delivered to ${nameIn(program, wanted)}`,
    passed,
    message: passed ? end.text : `got: ${end.text}`,
    line,
  };
}

function judgePath(program: Program, expected: readonly Waypoint[], request: Journey, line: number): Finding {
  const passed = matchesPath(devicesOf(program, request), expected);
  const got = namesOf(pathOf(program, request));
  const message = passed ? got : `expected: ${waypointNames(program, expected)}; got: ${got}`;
  return { name: 'takes the path', passed, message, line };
}

function judgeAnswer(expected: AnswerExpectation, conversation: Conversation, line: number): Finding {
  const { answer: bytes, stimulus } = conversation;
  const answer = bytes === null ? null : readAnswer(bytes, stimulus.payload);
  if (expected.kind === 'valid-signature') return judgeSignature(answer, line);
  const wanted = JSON.stringify(expected.text.trimEnd());
  const got = answer === null ? 'no answer' : JSON.stringify(answer.text.trimEnd());
  const passed = got === wanted;
  return { name: 'answers', passed, message: passed ? got : `expected: ${wanted}; got: ${got}`, line };
}

function judgeSignature(answer: Answer | null, line: number): Finding {
  const name = 'answers with a valid signature';
  const signed = answer?.verified ?? null;
  if (signed === null) {
    const got =
      answer === null
        ? 'no answer'
        : 'an answer without public key and signature: ask for PUBLIC-KEY and SIGN in one payload';
    return { name, passed: false, message: `got: ${got}`, line };
  }
  const { algorithm, publicKey, valid } = signed;
  const verdict = valid ? 'verifies' : 'does not verify';
  const message = `the ${algorithm} signature ${verdict} under the key ${publicKey.slice(0, 16)}…`;
  return { name, passed: valid, message, line };
}

interface End {
  readonly verdict: 'delivered' | 'dropped' | 'lost';
  readonly id: string;
  readonly text: string;
  readonly step: TraceStep | null;
}

/** Where a journey ends, in words. */
export function endOf(program: Program, journey: Journey): End {
  const device = (step: TraceStep) => program.devices[step.place.device];
  const delivered = journey.steps.find(({ outcome }) => outcome.verdict === 'deliver');
  if (delivered !== undefined) {
    const { id = '', name = '' } = device(delivered) ?? {};
    return { verdict: 'delivered', id, text: `delivered to ${name}`, step: delivered };
  }
  const dropped = journey.steps.filter(({ outcome }) => outcome.verdict === 'drop').at(-1);
  if (dropped !== undefined) {
    const { id = '', name = '' } = device(dropped) ?? {};
    return { verdict: 'dropped', id, text: `dropped at ${name}: ${dropped.outcome.reason}`, step: dropped };
  }
  return { verdict: 'lost', id: '', text: 'still waiting for ARP', step: null };
}

/** `dropped` speaks of the request, or of its reply when the request arrived. */
function judgeDrop(
  program: Program,
  expectation: Expectation,
  request: Journey,
  reply: Journey | null,
): Finding {
  const first = endOf(program, request);
  const end = first.verdict === 'delivered' && reply !== null ? endOf(program, reply) : first;
  const place = expectation.at === null ? '' : ` at ${nameIn(program, expectation.at)}`;
  const passed =
    end.verdict === 'dropped' &&
    end.step?.outcome.reason === expectation.dropped &&
    (expectation.at === null || expectation.at.id === end.id);
  const which = end === first ? '' : 'the reply is ';
  return {
    name: `dropped${place}: ${expectation.dropped}`,
    passed,
    message: passed ? `${which}${end.text}` : `got: ${which}${end.text}`,
    line: expectation.source.line,
  };
}

function* judgeReply(
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
  if (packet?.kind === 'ipv4' && isError(end)) {
    const got = describePacket(packet);
    yield { name: `a reply reaches ${sender?.name}`, passed: false, message: `got: an error, ${got}`, line };
    return;
  }
  if (!back || packet?.kind !== 'ipv4' || reply === null) {
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
  packet: Ipv4Packet,
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
    const got = formatIpv4(address);
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

/** Whether what arrived is an ICMP error: it tells of the request, and is no reply to it. */
function isError(end: End | null): boolean {
  const body = end?.step?.before.body;
  return body?.kind === 'ipv4' && body.body.kind === 'icmp-error';
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
