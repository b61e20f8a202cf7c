import { DROP_REASONS } from '../dataplane/index.ts';
import {
  type DropReason,
  diff,
  type Network,
  type Packet,
  prove,
  run,
  type Traced,
  trace,
  VnsimError,
} from '../library/index.ts';
import { printLines, suggest } from '../scenario/index.ts';
import { type Judgement, type Matched, matched } from './judgement.ts';

/** What vitest binds a matcher to, as far as it is used. */
interface Bound {
  readonly isNot?: boolean;
}

/**
 * The matchers as functions, for who calls `expect.extend` alone. Each throws a {@link VnsimError} where it is asked about
 * something that does not exist, `.not` or not: a mistake in a test is no result.
 */
export const MATCHERS = {
  toDeliver(this: Bound, network: Network, packet: Packet, to?: string): Matched {
    return matched(this.isNot === true, delivery(network, packet, to));
  },
  toDrop(this: Bound, network: Network, packet: Packet, reason?: DropReason): Matched {
    return matched(this.isNot === true, drop(network, packet, reason));
  },
  toAnswer(this: Bound, network: Network, packet: Packet): Matched {
    return matched(this.isNot === true, answer(network, packet));
  },
  toIsolate(this: Bound, network: Network, one: string, other: string): Matched {
    const claims = [`nothing from ${one} reaches ${other}`, `nothing from ${other} reaches ${one}`];
    return matched(this.isNot === true, {
      ...proof(network, claims),
      sought: `isolate ${one} and ${other}, whatever anybody sends`,
    });
  },
  toProve(this: Bound, network: Network, claim: string): Matched {
    return matched(this.isNot === true, proof(network, [claim]));
  },
  toPass(this: Bound, network: Network): Matched {
    return matched(this.isNot === true, passing(network));
  },
  toLetThroughTheSameAs(this: Bound, network: Network, other: Network): Matched {
    return matched(this.isNot === true, sameness(network, other));
  },
};

function delivery(network: Network, packet: Packet, to: string | undefined): Judgement {
  if (to !== undefined) demandKnown(to, network.machines, 'no machine is called');
  const traced = trace(network, packet);
  const { outcome, device } = traced.request.end;
  const holds = outcome === 'delivered' && (to === undefined || device === to);
  return told(traced, holds, `deliver ${shown(packet)}${to === undefined ? '' : ` to ${to}`}`);
}

function drop(network: Network, packet: Packet, reason: DropReason | undefined): Judgement {
  if (reason !== undefined) demandKnown(reason, REASONS, 'there is no reason');
  const traced = trace(network, packet);
  const { end } = traced.request;
  const holds = end.outcome === 'dropped' && (reason === undefined || end.reason === reason);
  return told(traced, holds, `drop ${shown(packet)}${reason === undefined ? '' : ` with ${reason}`}`);
}

function answer(network: Network, packet: Packet): Judgement {
  const traced = trace(network, packet);
  const { request, reply } = traced;
  const back = reply?.hops.at(-1)?.in;
  const isAnswer = reply?.end.outcome === 'delivered' && reply.end.device === request.path[0];
  const holds = isAnswer && back?.icmp?.quote === undefined;
  return told(traced, holds, `answer ${shown(packet)}`);
}

function told(traced: Traced, holds: boolean, sought: string): Judgement {
  const { request, reply } = traced;
  const answered = reply === null ? 'nobody answered' : `the answer was ${endWords(reply.end)}`;
  const found = `it was ${endWords(request.end)}${request.end.outcome === 'delivered' ? `, and ${answered}` : ''}`;
  return { verdict: holds ? 'holds' : 'fails', sought, found, evidence: traced.text() };
}

function endWords({ outcome, device, reason }: Traced['request']['end']): string {
  if (outcome === 'delivered') return `delivered to ${device}`;
  return outcome === 'dropped' ? `dropped at ${device}: ${reason}` : `lost at ${device}`;
}

function proof(network: Network, claims: readonly string[]): Judgement {
  const proofs = prove(network, ...claims);
  const verdicts = proofs.claims.map(({ verdict }) => verdict);
  const doubtful = proofs.claims.find(({ verdict }) => verdict === 'undecided' || verdict === 'vacuous');
  const refuted = proofs.claims.find(({ verdict }) => verdict === 'refuted');
  const named = refuted ?? doubtful;
  const found = named === undefined ? 'that is proved' : `“${named.text}” is ${named.verdict}`;
  const verdict = refuted !== undefined ? 'fails' : doubtful !== undefined ? 'undecided' : 'holds';
  const [first = ''] = claims;
  return {
    verdict: verdicts.length === 0 ? 'undecided' : verdict,
    sought: `prove “${first}”`,
    found,
    evidence: proofs.text(),
  };
}

function passing(network: Network): Judgement {
  const ran = run(network);
  const checks = ran.passed + ran.failed;
  const found =
    checks === 0 ? 'its scenario expects and claims nothing' : `${ran.failed} of ${checks} checks failed`;
  const verdict = checks === 0 ? 'undecided' : ran.failed === 0 ? 'holds' : 'fails';
  return { verdict, sought: 'pass its own checks', found, evidence: ran.text() };
}

function sameness(network: Network, other: Network): Judgement {
  const compared = diff(network, other);
  const { same, pairs } = compared;
  const found = same ? 'they do' : `they differ for ${pairs.length} pairs of machines`;
  return {
    verdict: same ? 'holds' : 'fails',
    sought: 'let through the same as the other',
    found,
    evidence: compared.text(),
  };
}

function shown(packet: Packet): string {
  return printLines([{ send: packet }]).trim();
}

function demandKnown(word: string, words: readonly string[], complaint: string): void {
  if (words.includes(word)) return;
  throw VnsimError.about(
    'usage/name',
    `${complaint} ${JSON.stringify(word)}`,
    suggest(String(word), words, 'there are'),
  );
}

const REASONS: readonly string[] = Object.keys(DROP_REASONS);
