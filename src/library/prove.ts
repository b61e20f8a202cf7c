import { type ProofDocument, proofDocument, renderProofs } from '../report/index.ts';
import {
  type Decided,
  decideClaims,
  decideEach,
  groundOf,
  readAskedClaims,
  type StatedClaim,
  witnessScenario,
} from '../scenario/index.ts';
import { VnsimError } from './complaint.ts';
import { type Answer, withText } from './document.ts';
import { insidesOf, type Network, othersOf, worldOf } from './network.ts';
import { demandPlain } from './plain.ts';

/** What became of claims: `vnsim.prove/1`. */
export type Proofs = Answer<ProofDocument> & {
  /** For each claim that was refuted, the text of a scenario that fails when it is run; `null` for the others, and where its packets show nothing
   * without the file that a claim names. Made when asked for. */
  witnesses(): readonly (WitnessScenario | null)[];
};

/** A scenario that shows what breaks a claim. */
export interface WitnessScenario {
  /** the text of its file */
  readonly text: string;
  /** whether its packets alone break what the claim says; otherwise the claim does */
  readonly shown: boolean;
}

/**
 * Decides claims for all packets that anybody in the network could send, forged ones too, with nothing broken. A refuted claim
 * comes with a packet that breaks it, which the engine has sent.
 *
 * @param claims sentences of the scenario language, such as `nothing from globex reaches acme`. Default: what the scenario claims
 * @throws {VnsimError} where a sentence is no claim, or names what does not exist
 */
export function prove(network: Network, ...claims: readonly string[]): Proofs {
  const ground = groundOf(worldOf(network), othersOf(network));
  return proofsOf(network, decideClaims(ground, claimsOf(network, claims)));
}

/**
 * The same one claim after the other: gives what has been decided so far, once before the first and then after each.
 *
 * @throws {VnsimError} as {@link prove} does, when the first is asked for
 */
export function* proving(
  network: Network,
  ...claims: readonly string[]
): Generator<{ readonly claims: readonly string[]; readonly proofs: Proofs }, void> {
  const stated = claimsOf(network, claims);
  const texts = stated.map(({ text }) => text);
  const decided: Decided[] = [];
  yield { claims: texts, proofs: proofsOf(network, []) };
  for (const one of decideEach(groundOf(worldOf(network), othersOf(network)), stated)) {
    decided.push(one);
    yield { claims: texts, proofs: proofsOf(network, [...decided]) };
  }
}

function claimsOf(network: Network, claims: readonly string[]): readonly StatedClaim[] {
  return claims.length === 0 ? insidesOf(network).scenario.claims : claimsMeant(network, claims);
}

function proofsOf(network: Network, decided: readonly Decided[]): Proofs {
  const { scenario } = insidesOf(network);
  const document = withText(proofDocument(decided), {}, (_, look) => renderProofs(decided, look));
  const witnesses = () =>
    decided.map((one) => (one.verdict === 'refuted' ? witnessScenario(scenario, one) : null));
  return Object.defineProperty(document, 'witnesses', { value: witnesses, enumerable: false }) as Proofs;
}

function claimsMeant(network: Network, texts: readonly string[]): readonly StatedClaim[] {
  demandPlain(texts, 'claims');
  const { claims, diagnostics } = readAskedClaims(
    insidesOf(network).scenario,
    texts.map(String),
    'the claim',
  );
  if (diagnostics.length > 0) throw new VnsimError(diagnostics);
  return claims;
}
