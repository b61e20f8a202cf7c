import { describe, expect, it } from 'vitest';
import { ANY_PORT, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import type { AclRule } from '../../src/model/index.ts';
import { type Ipv4Packet, udpPacket } from '../../src/packet/index.ts';
import { call, createAcl, type Refusal, setAclRules } from '../../src/provider/index.ts';
import { loadScenario, printScenario } from '../../src/scenario/index.ts';
import { adopt, createWorld, refresh, type World } from '../../src/scenario/world.ts';
import { address, block } from '../support/programs.ts';

const EVERYBODY = '0.0.0.0/0';
const [WEB, DATA] = [address('10.0.0.7'), address('10.0.1.7')];

function rule(number: number, action: AclRule['action'], protocol: AclRule['protocol'] = 'any'): AclRule {
  return { number, action, protocol, peer: block(EVERYBODY), ports: ANY_PORT, from: null };
}

/** Two subnets; the second has an ACL that lets UDP in and everything out. */
function guarded(): World {
  const vn = {
    cidr: '10.0.0.0/16',
    subnets: {
      web: { cidr: '10.0.0.0/24', zone: 'here' },
      data: { cidr: '10.0.1.0/24', zone: 'here', acl: 'acl-data' },
    },
    acls: {
      'acl-data': {
        in: [{ rule: 100, allow: 'udp', from: EVERYBODY }],
        out: [{ rule: 100, allow: 'any', to: EVERYBODY }],
      },
    },
    instances: {
      asker: { subnet: 'web', address: '10.0.0.7' },
      keeper: { subnet: 'data', address: '10.0.1.7' },
    },
  };
  const text = { title: 'an ACL', provider: { zones: ['here'] }, customers: { me: { vn } } };
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'acl.yaml');
  const world = scenario === null ? null : createWorld(scenario);
  if (world === null || !world.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return world.value;
}

/** What becomes of a packet that the asker's stack sends. */
function fate(world: World, packet: Ipv4Packet): string {
  const { engine } = world;
  const host = engine.program.hosts.findIndex(({ address: own }) => own === packet.source);
  const journey = engine.send(host, packet);
  engine.run();
  const last = present(world.trace.journey(journey)?.steps.at(-1), 'a last step').outcome;
  return last.reason ?? last.verdict;
}

const question = udpPacket({ source: WEB, target: DATA, sourcePort: port(5000), targetPort: port(53) });

function refusals(world: World, in_: readonly AclRule[], name = 'acl-data'): readonly Refusal[] {
  const request = { network: 'me', name, in: in_, out: null };
  const change = call(world.model, 'set-acl', setAclRules, request);
  if (change.ok) adopt(world, change.value);
  return change.ok ? [] : change.fault;
}

describe('the ACL of a subnet', () => {
  it('[I-17] cuts a flow at the next packet when its rules change, and lets it go on when they change back', () => {
    const world = guarded();
    expect(fate(world, question)).toBe('deliver');
    expect(refusals(world, [rule(90, 'deny', 'udp'), rule(100, 'allow')])).toEqual([]);
    refresh(world);
    expect(fate(world, question)).toBe('acl.deny');
    expect(refusals(world, [rule(100, 'allow')])).toEqual([]);
    expect(fate(world, question)).toBe('deliver');
  });

  it('[I-17] without rules denies everything', () => {
    const world = guarded();
    expect(refusals(world, [])).toEqual([]);
    expect(fate(world, question)).toBe('acl.deny');
  });

  it('[I-05] cannot have one number twice, or a number beyond 32766', () => {
    const world = guarded();
    const codes = refusals(world, [rule(0, 'deny'), rule(7, 'deny'), rule(7, 'allow'), rule(32_767, 'deny')]);
    expect(codes.map(({ code }) => code)).toEqual(Array(3).fill('provider/bad-rule-number'));
    expect(fate(world, question)).toBe('deliver');
  });

  it('[I-05] is known by its name, and a name belongs to one', () => {
    const world = guarded();
    expect(refusals(world, [], 'acl-dta').map(({ code }) => code)).toEqual(['provider/unknown']);
    const again = { network: 'me', name: 'acl-data', in: [], out: [], from: null };
    const change = call(world.model, 'create-acl', createAcl, again);
    expect(change.ok ? [] : change.fault.map(({ code }) => code)).toEqual(['provider/name-taken']);
  });
});
