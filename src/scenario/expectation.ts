import type { Journey } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import { readAnswer } from './answer.ts';
import type { Conversation } from './conversation.ts';
import type { Finding } from './finding.ts';
import { endOf } from './journey-end.ts';
import { judgeAnsweredBy, judgeShares } from './judge-answered.ts';
import { judgeEnding } from './judge-ending.ts';
import { judgeReply } from './judge-reply.ts';
import { judgeSeen, judgeUnseen } from './judge-sighting.ts';
import { devicesOf, matchesPath, nameIn, namesOf, pathOf, waypointNames } from './path.ts';
import type { Answer } from './run-report.ts';
import type { AnswerExpectation, DeviceReference, Expectation, Waypoint } from './scenario.ts';

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
  if (expectation.answeredBy?.kind === 'counts')
    findings.push(...judgeShares(program, expectation.answeredBy, conversations, expectation.source.line));
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
  if (request === null) return judgeNothing(expectation, conversation);
  const findings: Finding[] = [];
  if (expectation.delivered !== null)
    findings.push(judgeDelivery(program, expectation.delivered, request, line));
  if (expectation.path !== null) findings.push(judgePath(program, expectation.path, request, line));
  if (expectation.dropped !== null) findings.push(judgeDrop(program, expectation, request, reply));
  if (expectation.reply !== null)
    findings.push(...judgeReply(program, expectation.reply, request, reply, line));
  if (expectation.answer !== null) findings.push(judgeAnswer(expectation.answer, conversation, line));
  if (expectation.answers !== null) findings.push(...judgeAnswers(expectation.answers, conversation, line));
  if (expectation.answeredBy?.kind === 'device')
    findings.push(judgeAnsweredBy(program, expectation.answeredBy.device, conversation, line));
  findings.push(...judgeEnding(expectation, conversation.ending, line));
  return findings;
}

/** Where nothing was sent: that may be what was expected of a machine without software, and never of anybody else. */
function judgeNothing(expectation: Expectation, conversation: Conversation): readonly Finding[] {
  const { line } = expectation.source;
  const { failed, ending } = conversation;
  const sent = { name: 'sent', passed: false, message: failed ?? 'nothing was sent', line };
  if (ending.outcome !== 'not-configured' && ending.outcome !== 'tampered') return [sent];
  const findings = [...judgeEnding(expectation, ending, line)];
  if (expectation.answers !== null) findings.push(...judgeAnswers(expectation.answers, conversation, line));
  const { delivered, path, dropped, reply, answer, answeredBy } = expectation;
  const wantsPacket = [delivered, path, dropped, answer, answeredBy].some((wanted) => wanted !== null);
  return findings.length === 0 || wantsPacket || reply?.kind === 'some' ? [sent, ...findings] : findings;
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

/** Characters of an answer that a check repeats: one line on a terminal. */
const SHOWN = 90;

/** One check for each line that was said: how its answer begins. */
function judgeAnswers(
  expected: readonly string[],
  { stimulus, answers: heard, reasons }: Conversation,
  line: number,
): readonly Finding[] {
  const lines = stimulus.talk?.lines ?? [];
  const answers = heard ?? [];
  if (expected.length === 0 && answers.length === 0) {
    return [{ name: 'nothing is answered', passed: true, message: 'no answer', line }];
  }
  return Array.from({ length: Math.max(expected.length, answers.length) }, (_, index) => {
    const wanted = expected[index] ?? 'no line, and so no answer';
    const got = answers[index] ?? 'no answer';
    const passed = got === wanted || got.startsWith(`${wanted} `);
    const [command = ''] = (lines[index] ?? '').split(' ');
    const shown = got.length > SHOWN ? `${got.slice(0, SHOWN)}…` : got;
    const why = reasons[index] ?? null;
    const message = passed
      ? (why ?? shown)
      : `expected: ${wanted}; got: ${shown}${why === null ? '' : ` (${why})`}`;
    return { name: `line ${index + 1}, ${command}: ${wanted}`, passed, message, line };
  });
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
    message: passed ? `${which}${end.why ?? end.text}` : `got: ${which}${end.text}`,
    line: expectation.source.line,
  };
}
