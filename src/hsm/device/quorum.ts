import type { Random } from '../../base/index.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf, joinBytes } from '../cryptography/bytes.ts';
import { equalBytes, sha256 } from '../cryptography/digest.ts';
import type { Command } from './commands.ts';
import type { QuorumKind } from './console-commands.ts';
import { channelOf } from './console-login.ts';
import type { ModuleState } from './state.ts';
import { done, type Handlers, refuse, without } from './step.ts';

/**
 * What an approval stands for: the bytes of one command, a nonce that no other proposal has, and the generation of the
 * module. Whoever approves works it out from the command that they were told of (P12).
 */
export function proposalDigest(command: Command<QuorumKind>, nonce: Hex, generation: number): Hex {
  const text = JSON.stringify(
    Object.entries(command)
      .filter(([key]) => key !== 'proposal')
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  return hexOf(sha256(joinBytes(bytesOfHex(nonce), bytesOf(`${generation} ${text}`))));
}

/** Proposals that may wait at once. */
const MOST_PROPOSALS = 16;

/** M of N: a command is proposed, others approve it, and then it may be given once. */
export const QUORUM: Handlers<'propose' | 'approve'> = {
  propose: (state, call, random) => {
    const nonce = newNonce(random);
    const proposal = nonce.slice(0, 8);
    const digest = proposalDigest(call.command.proposed, nonce, state.generation);
    const approvals = [officerOf(state, channelOf(call))];
    // The oldest make room: a proposal costs nothing to repeat.
    const others = Object.fromEntries(Object.entries(state.proposals).slice(1 - MOST_PROPOSALS));
    const proposals = { ...others, [proposal]: { nonce, digest, approvals } };
    return done({ ...state, proposals }, { proposal, nonce, digest });
  },
  approve: (state, call) => {
    const { proposal: number, digest } = call.command;
    const proposal = Object.hasOwn(state.proposals, number) ? state.proposals[number] : undefined;
    if (proposal === undefined) return refuse(state, 'NO_SUCH');
    if (!equalBytes(bytesOf(digest), bytesOf(proposal.digest))) {
      return refuse(state, 'QUORUM', 'what is approved is not what was proposed');
    }
    const name = officerOf(state, channelOf(call));
    // Somebody who approves twice is still one person.
    const approvals = proposal.approvals.includes(name) ? proposal.approvals : [...proposal.approvals, name];
    return done(
      { ...state, proposals: { ...state.proposals, [number]: { ...proposal, approvals } } },
      { approvals: approvals.length },
    );
  },
};

/** The state with the approval used up, or `null` where the command lacks one. */
export function useApproval(state: ModuleState, command: Command<QuorumKind>): ModuleState | null {
  if (state.quorum === 1) return state;
  const number = command.proposal ?? '';
  const proposal = Object.hasOwn(state.proposals, number) ? state.proposals[number] : undefined;
  if (proposal === undefined) return null;
  if (proposal.digest !== proposalDigest(command, proposal.nonce, state.generation)) return null;
  if (proposal.approvals.length < state.quorum) return null;
  return { ...state, proposals: without(state.proposals, number) };
}

function officerOf(state: ModuleState, channel: number): string {
  return state.logins[channel]?.name ?? '';
}

function newNonce(random: Random): Hex {
  return hexOf(random.bytes(16));
}
