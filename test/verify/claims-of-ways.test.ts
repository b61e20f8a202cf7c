import { describe, expect, it } from 'vitest';
import { cidr, portRange } from '../../src/address/index.ts';
import { type Program, ruleTable } from '../../src/program/index.ts';
import { type Claim, decide, prepare, type Refuted, type Verdict } from '../../src/verify/index.ts';
import { FIG3, type Tenants, tenantsOfFig3 } from '../support/fig3-programs.ts';
import { allow, withStages } from '../support/programs.ts';
import { stillReaches } from '../support/witnesses.ts';

const { program, tenants }: Tenants = tenantsOfFig3(2);
const [acme, bolt] = tenants as [Tenants['tenants'][0], Tenants['tenants'][0]];

function device(name: string, of: Program = program): number {
  const index = of.devices.findIndex((one) => one.name === name);
  if (index < 0) throw new Error(`there is no ${name}: ${of.devices.map((one) => one.name).join()}`);
  return index;
}

function refuted(verdict: Verdict): Refuted {
  if (verdict.verdict !== 'refuted') throw new Error(`the claim is ${verdict.verdict}`);
  return verdict;
}

const asked: Claim = { kind: 'isolated', from: [acme.hsm], to: [acme.app] };
const request: Claim = {
  kind: 'answered',
  from: acme.app,
  target: FIG3.outer,
  source: FIG3.outer,
  protocol: 'tcp',
  ports: FIG3.ports,
};
const blocks = [cidr(FIG3.app, 32), cidr(FIG3.other, 32), cidr(FIG3.outer, 32)];
const hidden: Claim = { kind: 'hidden', from: [acme.app, acme.other], device: device('nat-322-0'), blocks };
const via: Claim = { kind: 'only-via', from: [acme.app], to: [acme.hsm], device: device('nat-322-0') };

describe('nothing unasked', () => {
  const prover = prepare(program);

  it('[T-10] leaves out answers: an HSM reaches its client with them and with nothing else', () => {
    expect(prover.decide(asked).verdict).toBe('refuted');
    expect(prover.decide({ ...asked, unasked: true }).verdict).toBe('proved');
  });

  it('is refuted by what begins by itself', () => {
    const claim: Claim = { kind: 'isolated', from: [acme.app], to: [acme.hsm], unasked: true };
    const { witness } = refuted(prover.decide(claim));
    expect(witness?.opening).toBeNull();
  });

  it('[I-05] may speak of one port alone', () => {
    const claim = (port: number): Claim => ({
      ...{ kind: 'isolated', from: [acme.app], to: [acme.hsm] },
      carried: { protocol: 'tcp', ports: portRange(port, port) },
    });
    expect(prover.decide(claim(22)).verdict).toBe('proved');
    const { witness } = refuted(prover.decide(claim(1792)));
    expect(witness?.arrives.targetPort).toBe(1792);
  });
});

describe('only via', () => {
  it('[T-06] [I-13] every way from an instance to its HSM leads over the NAT instance', () => {
    expect(decide(program, via).verdict).toBe('proved');
  });

  it('is refuted by a packet that takes another way', () => {
    const claim: Claim = { ...via, to: [acme.other] };
    const verdict = refuted(decide(program, claim));
    expect(verdict.shows).toEqual({ kind: 'detour', around: device('nat-322-0') });
    expect(verdict.witness?.path.map((place) => program.places[place]?.device)).not.toContain(
      device('nat-322-0'),
    );
  });

  it('is vacuous where there is no way at all', () => {
    expect(decide(program, { ...via, to: [bolt.hsm] }).verdict).toBe('vacuous');
  });
});

describe('no address beyond the NAT', () => {
  it('[T-02] [T-05] holds on every device of FIG. 3', () => {
    expect(decide(program, hidden).verdict).toBe('proved');
  });

  it('is refuted without source rewrite, and the first device that sees the address is named', () => {
    const faulty = withStages(program, (stage, { name }) => {
      if (stage.kind === 'translate') return { ...stage, sourceRewrite: false };
      if (stage.kind === 'guard' && name === 't0 vni-324 port') return { ...stage, addresses: null };
      return stage;
    });
    const { witness, shows } = refuted(decide(faulty, hidden));
    expect(shows.kind).toBe('exposure');
    expect([FIG3.app, FIG3.other]).toContain(witness?.packet.source);
  });

  it('is vacuous where nothing gets that far', () => {
    expect(decide(program, { ...hidden, from: [bolt.hsm] } as Claim).verdict).toBe('vacuous');
  });
});

describe('every request is answered', () => {
  it('[T-01] [T-03] holds at the port of the service, and a sample answer comes back', () => {
    const verdict = decide(program, request);
    if (verdict.verdict !== 'proved' || verdict.sample === null) throw new Error(verdict.verdict);
    expect(verdict.sample.host).toBe(acme.hsm);
    expect(verdict.sample.arrives.source).toBe(FIG3.outer);
    expect(stillReaches(program, verdict.sample, acme.app)).toBe(true);
  });

  it('[I-05] does not where a port of the range is not let in', () => {
    const { shows, witness } = refuted(
      decide(program, { ...request, ports: portRange(1791, 1792) } as Claim),
    );
    expect(shows.kind).toBe('loss');
    expect(witness?.packet.targetPort).toBe(1791);
  });

  it('[T-03] does not where answers are expected from another address', () => {
    const verdict = refuted(decide(program, { ...request, source: FIG3.other } as Claim));
    expect(verdict.reached).toBe(acme.app);
    expect(verdict.witness?.arrives.source).toBe(FIG3.outer);
  });

  it('[T-08] does not where the instance has forgotten who asked', () => {
    const faulty = withStages(program, (stage) =>
      stage.kind === 'translate' && stage.direction === 'inward'
        ? { ...stage, table: stage.table === 0 ? 1 : 0 }
        : stage,
    );
    const { witness, shows } = refuted(decide(faulty, request));
    expect(shows.kind).toBe('loss');
    expect(witness?.host).toBe(acme.hsm);
    expect(witness?.opening?.host).toBe(acme.app);
  });

  it('[T-08] does not where answers to some source ports alone are let in', () => {
    const picky = withStages(program, (stage, { name }) =>
      stage.kind === 'filter' && name === 't0 app in'
        ? { ...stage, rules: ruleTable([allow('tcp', '10.0.0.201/32', 49_152, 65_535)]) }
        : stage,
    );
    const { witness, shows } = refuted(decide(picky, request));
    expect(shows.kind).toBe('loss');
    expect(witness?.host).toBe(acme.hsm);
    expect(witness?.opening?.packet.sourcePort).toBeLessThan(49_152);
  });
});
