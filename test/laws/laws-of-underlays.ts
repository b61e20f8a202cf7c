import { isIpv6, type Port, port, portRange } from '../../src/address/index.ts';
import { encodeFrame, type Frame, frameLength, isIp, packetLength, vxlanOf } from '../../src/packet/index.ts';
import type { Underlay } from '../../src/testing/underlays.ts';
import { prepare } from '../../src/verify/index.ts';
import { innermost } from '../support/journeys.ts';
import type { Making } from '../support/networks.ts';
import { playSized, sizedTrial } from '../support/sized-traffic.ts';
import { honestTrial, play, type Run, type Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';

/* What carries virtual networks is nobody's business but the provider's. */

export const samePackets: Law = lawOfTrials(
  '[N-18] [W-01] a network takes the same ways through the same stages over IPv4 and over IPv6, byte for byte',
  honestTrial,
  (trial, making) => compare(trial, making, play),
);

export const sameLengths: Law = lawOfTrials(
  '[N-18] what fits over IPv4 fits over IPv6 where links carry 20 bytes more, and where it does not the same is said of it',
  sizedTrial,
  ({ network, ...trial }, making) => {
    // no link of IPv6 carries less than 1280 (RFC 8200 section 5)
    const mtus = Object.fromEntries(
      Object.entries(network.mtus ?? {}).map(([name, mtu]) => [
        name,
        name.endsWith('fabric') ? Math.max(mtu, 1260) : mtu,
      ]),
    );
    compare({ ...trial, network: { ...network, mtus } }, making, playSized);
  },
);

export const sameProofs: Law = lawOfTrials(
  '[N-18] [DC-04] what is proved over IPv4 is proved over IPv6',
  honestTrial,
  (trial, making) => {
    const [old, next] = BOTH.map((underlay) => {
      const { program } = play({ ...over(underlay, trial), calls: [] }, making).network.world.engine;
      const prover = prepare(program, making.transfers);
      const hosts = program.hosts.map((_, host) => host);
      return hosts.flatMap((from) =>
        hosts.map((to) => {
          const isolated = prover.decide({ kind: 'isolated', from: [from], to: [to] }).verdict;
          const ports = portRange(SERVICE, SERVICE);
          const reaches = prover.decide({ kind: 'reaches', from, to, protocol: 'tcp', ports }).verdict;
          return `${program.places[program.hosts[from]?.port ?? 0]?.name} → ${to}: ${isolated}, ${reaches}`;
        }),
      );
    });
    demandEqual(old ?? [], next ?? []);
  },
);

export const wrapperCosts: Law = lawOfRuns(
  '[W-01] a wrapper takes 50 bytes over IPv4 and 70 over IPv6 (RFC 7348), may not be cut, and leaves out the UDP checksum (RFC 6935)',
  honestTrial,
  ({ journeys }) => {
    for (const { steps } of journeys) {
      for (const { stage, before, outcome } of steps) {
        const wrapped = stage.kind === 'wrap' ? outcome.frame : null;
        if (wrapped === null || stage.kind !== 'wrap' || !isIp(wrapped.body)) continue;
        const cost = isIpv6(stage.target) ? 70 : 50;
        // the inner link header travels, and the outer one does not count
        const taken = packetLength(wrapped.body) - (frameLength(before) - 14);
        demand(taken === cost, () => `${shown(wrapped)} takes ${taken}`);
        const { kept, body } = wrapped.body;
        demand(kept.dontFragment && !kept.moreFragments, () => `${shown(wrapped)} may be cut`);
        demand(body.kind === 'udp' && body.checksum === 0, () => `${shown(wrapped)} has a checksum`);
      }
    }
  },
);

const BOTH: readonly Underlay[] = ['ipv4', 'ipv6'];
const SERVICE: Port = port(1792);

function over(underlay: Underlay, trial: Trial): Trial {
  return { ...trial, network: { ...trial.network, underlay } };
}

function compare(trial: Trial, making: Making, run: (trial: Trial, making: Making) => Run): void {
  const [old, next] = BOTH.map((underlay) => storyOf(run(over(underlay, trial), making)));
  demandEqual(old ?? [], next ?? []);
}

/** Everything that happened, but for what is around a wrapped frame. */
function storyOf({ journeys }: Run): readonly string[] {
  return journeys.flatMap(({ steps }) =>
    steps.map(({ now, place, stage, before, outcome }) => {
      const wrapped = vxlanOf(before) === null ? '' : 'wrapped ';
      const { verdict, reason, effect } = outcome;
      const did = `${stage.kind} ${verdict} ${reason ?? ''} ${effect?.kind ?? ''}`;
      return `${now} ${place.name} ${did} ${wrapped}${bytesOf(innermost(before))}`;
    }),
  );
}

function bytesOf(frame: Frame): string {
  return Buffer.from(encodeFrame(frame)).toString('hex');
}

function demandEqual(old: readonly string[], next: readonly string[]): void {
  const at = Array.from({ length: Math.max(old.length, next.length) }, (_, index) => index).find(
    (index) => old[index] !== next[index],
  );
  demand(at === undefined, () => `over IPv4 ${old[at ?? 0]}, over IPv6 ${next[at ?? 0]}`);
}

export const LAWS_OF_UNDERLAYS: readonly Law[] = [samePackets, sameLengths, sameProofs, wrapperCosts];
