import { describe, expect, it } from 'vitest';
import { ANY_PORT, formatIp, port, portRange } from '../../src/address/index.ts';
import { nanos } from '../../src/base/index.ts';
import { type Program, ruleTable } from '../../src/program/index.ts';
import {
  type Claim,
  decide,
  prepare,
  type Refuted,
  type Verdict,
  type Witness,
} from '../../src/verify/index.ts';
import { FIG3, segmentOf, type Tenants, tenantsOfFig3, vlanOf } from '../support/fig3-programs.ts';
import { address, allow, station, withStages } from '../support/programs.ts';
import { stillReaches } from '../support/witnesses.ts';

const two: Tenants = tenantsOfFig3(2);
const [acme, bolt] = two.tenants as [Tenants['tenants'][0], Tenants['tenants'][0]];
const all = (one: typeof acme): readonly number[] => [one.app, one.other, one.hsm];

const apart: Claim = { kind: 'separate', groups: [all(acme), all(bolt)] };
const onlyInward: Claim = { kind: 'sees-only', host: acme.hsm, sources: [FIG3.inward] };
const service: Claim = { kind: 'reaches', from: acme.app, to: acme.hsm, protocol: 'tcp', ports: FIG3.ports };

function refuted(verdict: Verdict): Refuted {
  if (verdict.verdict !== 'refuted') throw new Error(`the claim is ${verdict.verdict}`);
  return verdict;
}

function witnessOf(program: Program, claim: Claim): Witness {
  const { witness } = refuted(decide(program, claim));
  if (witness === null) throw new Error('a refutation of this kind has a witness');
  return witness;
}

function names(program: Program, witness: Witness): readonly string[] {
  return witness.path.map((place) => program.places[place]?.name ?? '?');
}

describe('FIG. 3 for two tenants with the same addresses', () => {
  const prover = prepare(two.program);

  it('[I-01] [I-02] nothing that any machine forges crosses from one tenant to the other', () => {
    expect(prover.decide(apart).verdict).toBe('proved');
    for (const [from, to] of [
      [acme, bolt],
      [bolt, acme],
    ] as const) {
      expect(prover.decide({ kind: 'isolated', from: all(from), to: all(to) }).verdict).toBe('proved');
    }
  });

  it('[I-03] another customer’s packets never arrive at an HSM', () => {
    expect(prover.decide({ kind: 'isolated', from: all(bolt), to: [acme.hsm] }).verdict).toBe('proved');
  });

  it('[T-02] [T-05] the HSM sees the inward address and no other', () => {
    expect(prover.decide(onlyInward).verdict).toBe('proved');
  });

  it('[T-02] a claim that the HSM sees some other address only is refuted', () => {
    const witness = witnessOf(two.program, { kind: 'sees-only', host: acme.hsm, sources: [FIG3.app] });
    expect(formatIp(witness.arrives.source)).toBe('192.168.0.55');
    expect(stillReaches(two.program, witness, acme.hsm)).toBe(true);
  });

  it('[T-03] an instance sees 10.0.0.201 and its neighbour, even from an HSM that forges', () => {
    const sources = [FIG3.outer, FIG3.other];
    expect(prover.decide({ kind: 'sees-only', host: acme.app, sources }).verdict).toBe('proved');
    expect(prover.decide({ kind: 'sees-only', host: acme.app, sources: [FIG3.other] }).verdict).toBe(
      'refuted',
    );
  });

  it('[T-01] an instance reaches the HSM at the port of the service, and the sample shows how', () => {
    const verdict = prover.decide(service);
    if (verdict.verdict !== 'proved' || verdict.sample === null) throw new Error('not proved');
    const { packet, arrives, path, link } = verdict.sample;
    expect([packet.source, packet.target]).toEqual([FIG3.app, FIG3.outer]);
    expect([arrives.source, arrives.target]).toEqual([FIG3.inward, FIG3.hsm]);
    expect([packet.targetPort, arrives.targetPort]).toEqual([1792, 1792]);
    expect(path[0]).toBe(two.program.hosts[acme.app]?.port);
    expect(link.source).toBe(two.program.hosts[acme.app]?.mac);
    expect(stillReaches(two.program, verdict.sample, acme.hsm)).toBe(true);
  });

  it('[T-01] the sample bears the link header of the sender’s wire, also where the virtual switch routes', () => {
    const router = station(0xff);
    const routed = withStages(two.program, (stage, { name }) =>
      stage.kind === 'neighbour' && name === 't0 app wire'
        ? { ...stage, via: FIG3.outer, owners: new Map([[FIG3.outer, router]]) }
        : stage,
    );
    const verdict = decide(routed, service);
    if (verdict.verdict !== 'proved' || verdict.sample === null) throw new Error('not proved');
    expect(verdict.sample.link).toEqual({
      target: router,
      source: routed.hosts[acme.app]?.mac,
      vlan: null,
    });
  });

  it('[I-05] an instance reaches the HSM at no other port, and the stage that stops it is named', () => {
    const { stops } = refuted(prover.decide({ ...service, ports: portRange(22, 22) }));
    const [nearest] = stops;
    expect(nearest?.stage.kind).toBe('filter');
    expect(nearest?.stage.from.record).toBe('t0 vni-314 in');
    expect(nearest?.packet?.packet.targetPort).toBe(22);
  });

  it('a range of ports is reached only if each port of it is', () => {
    expect(prover.decide({ ...service, ports: portRange(1791, 1792) }).verdict).toBe('refuted');
  });

  it('[T-10] the HSM reaches an instance only to answer, and the witness says what it answers', () => {
    const reaches: Claim = {
      kind: 'reaches',
      from: acme.hsm,
      to: acme.app,
      protocol: 'tcp',
      ports: ANY_PORT,
    };
    expect(prover.decide(reaches).verdict).toBe('refuted');
    const witness = witnessOf(two.program, { kind: 'isolated', from: [acme.hsm], to: [acme.app] });
    const { opening } = witness;
    expect(opening?.packet.target).toBe(FIG3.outer);
    expect(opening?.packet.source).toBe(witness.arrives.target);
    expect(witness.packet.target).toBe(FIG3.inward);
    expect(witness.packet.source).toBe(FIG3.hsm);
    expect(witness.arrives.source).toBe(FIG3.outer);
    if (witness.packet.protocol === 6) expect(witness.packet.sourcePort).toBe(opening?.packet.targetPort);
    expect(stillReaches(two.program, witness, acme.app)).toBe(true);
  });

  it('holds the packets that arrive, with the port that the translator picked, and no others', () => {
    const tcp = { protocol: 6, icmpError: false, targetPort: port(1792) };
    const seen = { ...tcp, source: FIG3.inward, target: FIG3.hsm, sourcePort: port(1024) };
    expect(prover.contains(acme.app, acme.hsm, seen)).toBe(true);
    expect(prover.contains(bolt.app, acme.hsm, seen)).toBe(false);
    expect(prover.contains(acme.app, acme.hsm, { ...seen, source: FIG3.app })).toBe(false);
    expect(prover.contains(acme.app, acme.hsm, { ...seen, targetPort: port(22) })).toBe(false);
  });

  it('states what a proof takes for granted', () => {
    const verdict = prover.decide(apart);
    if (verdict.verdict !== 'proved') throw new Error('not proved');
    expect(verdict.assumptions).toContain('connections do not expire and ports do not run out');
    expect(verdict.assumptions).toContain('a bridge may flood any frame, whatever it has learned');
  });
});

describe('a claim about packets that nobody can send', () => {
  it('is vacuous, not proved, when it names no machine', () => {
    expect(decide(two.program, { kind: 'isolated', from: [], to: [acme.hsm] }).verdict).toBe('vacuous');
    expect(decide(two.program, { kind: 'isolated', from: [acme.hsm], to: [] }).verdict).toBe('vacuous');
    expect(decide(two.program, { kind: 'separate', groups: [all(acme)] }).verdict).toBe('vacuous');
  });

  it('is vacuous when the links of all senders are down', () => {
    const cut = withStages(two.program, (stage, { name }) =>
      stage.kind === 'transmit' && ['t0 app wire', 't0 app bare wire'].includes(name)
        ? { ...stage, up: false, broken: 'the link' }
        : stage,
    );
    const verdict = decide(cut, { kind: 'isolated', from: [acme.app], to: [bolt.hsm] });
    expect(verdict).toMatchObject({ verdict: 'vacuous', why: 'no packet gets past the link of app-0' });
    const { stops } = refuted(decide(cut, service));
    expect(stops[0]?.stage).toMatchObject({ kind: 'transmit', broken: 'the link' });
  });

  it('[I-01] is vacuous when the source check lets the sender use no address', () => {
    const mute = withStages(two.program, (stage, { name }) =>
      stage.kind === 'guard' && name === 't0 app port' ? { ...stage, addresses: [] } : stage,
    );
    expect(decide(mute, { kind: 'isolated', from: [acme.app], to: [bolt.hsm] }).verdict).toBe('vacuous');
  });

  it('is vacuous when nothing reaches the machine that sees', () => {
    const deaf = withStages(two.program, (stage, { name }) =>
      stage.kind === 'transmit' && name === 't0 tor to hsm'
        ? { ...stage, up: false, broken: 'the link' }
        : stage,
    );
    expect(decide(deaf, onlyInward).verdict).toBe('vacuous');
  });
});

describe('a fault planted in the Program', () => {
  it('[W-03] a tunnel end that mistakes one segment for another is refuted', () => {
    const faulty = withStages(two.program, (stage, { name }) => {
      if (stage.kind !== 'unwrap' || name !== 'b uplink') return stage;
      const mistaken = stage.segments.get(segmentOf(1, false));
      if (mistaken === undefined) throw new Error('both tenants have a segment on server B');
      return { ...stage, segments: new Map(stage.segments).set(segmentOf(0, false), mistaken) };
    });
    const witness = witnessOf(faulty, apart);
    expect(names(faulty, witness)).toContain('t1 vni-314 in');
    expect([acme.app, acme.other]).toContain(witness.host);
    expect(stillReaches(faulty, witness, bolt.hsm)).toBe(true);
    expect(stillReaches(two.program, witness, bolt.hsm)).toBe(false);
  });

  it('[I-03] a router that tags with another tenant’s VLAN is refuted', () => {
    const vlan = { id: vlanOf(1), priority: 0, dropEligible: false };
    const faulty = withStages(two.program, (stage, { name }) =>
      stage.kind === 'neighbour' && name === 't0 dx to hsm' ? { ...stage, vlan } : stage,
    );
    const witness = witnessOf(faulty, { kind: 'isolated', from: all(acme), to: [bolt.hsm] });
    expect(names(faulty, witness)).toContain('t1 tor to hsm');
    expect(stillReaches(faulty, witness, bolt.hsm)).toBe(true);
  });

  it('[I-03] a switch that puts an HSM’s port into another VLAN is refuted', () => {
    const faulty = withStages(two.program, (stage, { name }) => {
      if (stage.kind === 'tag' && name === 't1 tor to hsm') {
        return { ...stage, mode: { kind: 'access', vlan: vlanOf(0) } };
      }
      if (stage.kind !== 'switch' || stage.members.get(vlanOf(0)) === undefined) return stage;
      const both = [...(stage.members.get(vlanOf(0)) ?? []), ...(stage.members.get(vlanOf(1)) ?? [])];
      return { ...stage, members: new Map(stage.members).set(vlanOf(0), both) };
    });
    const witness = witnessOf(faulty, { kind: 'isolated', from: all(acme), to: [bolt.hsm] });
    expect(stillReaches(faulty, witness, bolt.hsm)).toBe(true);
  });

  it('[I-01] a port without its source check lets an instance lie to its neighbour', () => {
    const claim: Claim = { kind: 'sees-only', host: acme.other, sources: [FIG3.outer, FIG3.app] };
    expect(decide(two.program, claim).verdict).toBe('proved');
    const faulty = withStages(two.program, (stage, { name }) =>
      stage.kind === 'guard' && name === 't0 app port' ? { ...stage, addresses: null } : stage,
    );
    const witness = witnessOf(faulty, claim);
    expect([FIG3.outer, FIG3.app]).not.toContain(witness.packet.source);
    expect(witness.arrives.source).toBe(witness.packet.source);
    expect(stillReaches(faulty, witness, acme.other)).toBe(true);
  });

  it('[T-08] [I-01] an instance that forges its neighbour’s address draws answers there, and the witness says so', () => {
    const faulty = withStages(two.program, (stage, { name }) => {
      if (stage.kind !== 'guard') return stage;
      if (name === 't0 other port') return { ...stage, addresses: [] };
      return name === 't0 app port' ? { ...stage, addresses: null } : stage;
    });
    const witness = witnessOf(faulty, { kind: 'isolated', from: [acme.hsm], to: [acme.other] });
    expect(witness.opening?.host).toBe(acme.app);
    expect(witness.opening?.packet.source).toBe(FIG3.other);
    expect(stillReaches(faulty, witness, acme.other)).toBe(true);
  });

  it('[T-08] the port that an answer must come to is the one that the opening is sent from', () => {
    const picky = withStages(two.program, (stage, { name }) =>
      stage.kind === 'filter' && name === 't0 app in'
        ? { ...stage, rules: ruleTable([allow('tcp', '10.0.0.201/32', 6000, 6001)]) }
        : stage,
    );
    const witness = witnessOf(picky, { kind: 'isolated', from: [acme.hsm], to: [acme.app] });
    expect(witness.arrives.targetPort).toBe(6000);
    expect(witness.opening?.packet.sourcePort).toBe(6000);
    expect(stillReaches(picky, witness, acme.app)).toBe(true);
  });

  it('[T-02] [T-05] [T-07] without source rewrite the HSM sees a customer’s address', () => {
    const faulty = withStages(two.program, (stage, { name }) => {
      if (stage.kind === 'translate') return { ...stage, sourceRewrite: false };
      if (stage.kind === 'guard' && name === 't0 vni-324 port') return { ...stage, addresses: null };
      return stage;
    });
    const witness = witnessOf(faulty, onlyInward);
    expect([FIG3.app, FIG3.other]).toContain(witness.arrives.source);
    expect(stillReaches(faulty, witness, acme.hsm)).toBe(true);
  });

  it('[T-07] an ICMP error goes out under the addresses of whichever connection it is about', () => {
    const faulty = prepare(
      withStages(two.program, (stage, { name }) => {
        if (stage.kind === 'translate') return { ...stage, sourceRewrite: false };
        if (stage.kind === 'guard' && name === 't0 vni-324 port') return { ...stage, addresses: null };
        return stage;
      }),
    );
    const error = {
      protocol: 1,
      icmpError: true,
      target: FIG3.hsm,
      sourcePort: port(0),
      targetPort: port(0),
    };
    expect(faulty.contains(acme.other, acme.hsm, { ...error, source: FIG3.app })).toBe(true);
    expect(faulty.contains(acme.app, acme.hsm, { ...error, source: FIG3.other })).toBe(true);
    expect(faulty.contains(acme.app, acme.hsm, { ...error, source: FIG3.outer })).toBe(false);
  });

  it('[T-07] [I-01] with the source check on, nothing arrives without source rewrite, and that is not called proved', () => {
    const faulty = withStages(two.program, (stage) =>
      stage.kind === 'translate' ? { ...stage, sourceRewrite: false } : stage,
    );
    expect(decide(faulty, onlyInward).verdict).toBe('vacuous');
  });

  it('[T-06] [I-03] a NAT instance wired to another tenant’s interface is refuted', () => {
    const wired = two.program.places.find(({ name }) => name === 't1 vni-324 port');
    if (wired === undefined) throw new Error('both tenants have a VNI 324');
    const faulty = withStages(two.program, (stage, { name }) =>
      stage.kind === 'transmit' && name === 't0 nat outer' ? { ...stage, to: wired.id } : stage,
    );
    const witness = witnessOf(faulty, apart);
    expect(stillReaches(faulty, witness, bolt.hsm)).toBe(true);
  });

  it('[T-08] [T-10] an inward rule with another tenant’s connections lets their answers cross', () => {
    const back = two.program.places.find(({ name }) => name === 't0 vni-314 port');
    if (back === undefined) throw new Error('both tenants have a VNI 314');
    const faulty = withStages(two.program, (stage, { name }) => {
      if (name !== 't1 nat inner') return stage;
      if (stage.kind === 'translate') return { ...stage, table: 0 };
      return stage.kind === 'transmit' ? { ...stage, to: back.id } : stage;
    });
    const witness = witnessOf(faulty, { kind: 'isolated', from: [bolt.hsm], to: all(acme) });
    expect(witness.host).toBe(bolt.hsm);
    expect([acme.app, acme.other]).toContain(witness.opening?.host);
    expect(stillReaches(faulty, witness, acme.app) || stillReaches(faulty, witness, acme.other)).toBe(true);
    expect(stillReaches(faulty, { ...witness, opening: null }, acme.app)).toBe(false);
  });

  it('[T-01] a NAT rule that calls another address leaves the HSM unreached', () => {
    const faulty = withStages(two.program, (stage) =>
      stage.kind === 'translate' ? { ...stage, target: address('10.10.0.4') } : stage,
    );
    const { stops } = refuted(decide(faulty, service));
    expect(stops.map(({ stage }) => stage.kind)).toContain('locate');
  });

  it('[W-05] a guest in the substrate forges wrappers in vain while its source is checked, and not without', () => {
    const wire = two.program.places.find(({ name }) => name === 'fabric from a');
    if (wire === undefined) throw new Error('server A is on the fabric');
    const substrate = (sourceCheck: boolean): Program =>
      withStages(two.program, (stage, { name }) => {
        if (name !== 't0 app port') return stage;
        const { id, from } = stage;
        if (stage.kind === 'guard') return sourceCheck ? stage : { ...stage, addresses: null };
        if (stage.kind !== 'locate') return stage;
        const link = { link: 'a guest in the substrate', out: 0, into: 0, to: wire.id, broken: null };
        return { kind: 'transmit', id, from, ...link, latency: nanos(0), mtu: 1500, up: true };
      });
    const claim: Claim = { kind: 'isolated', from: [acme.app], to: all(bolt) };
    expect(decide(substrate(true), claim).verdict).toBe('proved');
    const faulty = substrate(false);
    const witness = witnessOf(faulty, claim);
    const { carrier } = witness;
    expect(carrier?.around.packet).toMatchObject({ protocol: 17, targetPort: 4789 });
    expect(carrier?.around.packet.source).not.toBe(FIG3.app);
    expect([segmentOf(1, false), segmentOf(1, true)]).toContain(carrier?.segment);
    expect(all(bolt).some((to) => stillReaches(faulty, witness, to))).toBe(true);
  });
});
