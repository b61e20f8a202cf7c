import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CLAIM_FORMS,
  decideClaims,
  groundOf,
  loadScenario,
  parseClaim,
  prepareWorld,
  readAskedClaims,
} from '../../src/scenario/index.ts';

/** What becomes of claims about a scenario that is shipped. */
function decide(file: string, ...texts: readonly string[]) {
  const { scenario } = loadScenario(readFileSync(`scenarios/${file}`, 'utf8'), file);
  if (scenario === null) throw new Error(`${file} can be loaded`);
  const { claims, diagnostics } = readAskedClaims(scenario, texts);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const world = prepareWorld(scenario, { kind: 'end' });
  if (!world.ok) throw new Error(`${file} can be performed`);
  return decideClaims(groundOf(world.value), claims);
}

function verdicts(file: string, ...texts: readonly string[]): readonly string[] {
  return decide(file, ...texts).map(({ verdict }) => verdict);
}

describe('a claim in words', () => {
  it.for([
    'nothing from acme reaches globex',
    'nothing from app-310 reaches hsm-326 tcp/22',
    'nothing unasked from hsm-326 reaches acme',
    'nothing  unasked from hsm-326 reaches acme udp',
    'hsm-326 sees only source 192.168.0.55',
    'hsm-326 sees only sources 192.168.0.55, 192.168.0.56',
    'app-310 reaches hsm-326 tcp/1792',
    'app-310 reaches hsm-326 or hsm-327 tcp/1792',
    'app-310 reaches hsm-326 icmp although any one link fails',
    'app-310 reaches hsm-326 only via nat-322',
    'every request from app-310 to 10.0.0.201 tcp/1792 is answered',
    'every request from app-310 to 10.0.0.201 tcp/1792 is answered from 10.0.0.201',
    'no address of acme is seen beyond nat-322',
    'no identifier of acme is seen beyond nat-322',
    'equal to other.yaml',
    'from app-310 to acme equal to ../plans/other.yaml',
    'no loop',
    'no silent loss',
  ])('is read: %s', (text) => {
    expect(parseClaim(text).ok).toBe(true);
  });

  it.for([
    ['acme is safe', 'scenario/bad-claim'],
    ['nothing from acme reaches', 'scenario/bad-claim'],
    ['app-310 reaches hsm-326 tcp/1792 although any one cable fails', 'scenario/bad-claim'],
    ['app-310 reaches hsm-326 only via', 'scenario/bad-traffic'],
    ['app-310 reaches hsm-326 tcp/0x10', 'address/port'],
    ['hsm-326 sees only source 192.168.0.256', 'address/ipv4'],
    ['every request from app-310 to hsm-326 tcp/1792 is answered', 'address/ipv4'],
    ['no address of Acme is seen beyond nat-322', 'scenario/bad-name'],
  ])('is not read: %s', ([text = '', code]) => {
    const reading = parseClaim(text);
    expect(reading.ok ? null : reading.fault.code.split('/')[0]).toBe(code?.split('/')[0]);
  });

  it('that is none is told every form there is', () => {
    const reading = parseClaim('all is well');
    for (const form of CLAIM_FORMS) expect(reading.ok ? '' : reading.fault.help).toContain(form);
  });
});

describe('claims about FIG. 3', () => {
  it('[T-10] [I-13] [T-05] [T-03] hold, each kind of them', () => {
    expect(
      verdicts(
        'fig3.yaml',
        'nothing unasked from hsm-326 reaches acme',
        'acme reaches hsm-326 only via nat-322',
        'no address of acme is seen beyond nat-322',
        'every request from app-310 to 10.0.0.201 tcp/1792 is answered',
      ),
    ).toEqual(['proved', 'proved', 'proved', 'proved']);
  });

  it('are refuted by a packet that the engine shows, each kind of them', () => {
    const decided = decide(
      'fig3.yaml',
      'nothing unasked from app-310 reaches hsm-326',
      'app-310 reaches store-310 only via nat-322',
      'every request from app-310 to 10.0.0.201 tcp/22 is answered',
      'app-310 reaches hsm-326 tcp/1792 although any one device fails',
    );
    expect(decided.map(({ verdict }) => verdict)).toEqual(['refuted', 'refuted', 'refuted', 'refuted']);
    for (const { witness } of decided) expect(witness).not.toBeNull();
    expect(decided[3]?.message).toMatch(/^not while fabric is down/);
  });

  it('[T-07] tell an address beyond the NAT where sources are not rewritten', () => {
    const [decided] = decide('no-source-rewrite.yaml', 'no address of acme is seen beyond nat-322');
    expect(decided?.verdict).toBe('refuted');
    expect(decided?.message).toContain('vni-324 sees the address');
  });
});

describe('claims about failures', () => {
  it('[H-05] one HSM in each zone survives the loss of any zone, and of two HSMs one does not', () => {
    const [all, one] = decide(
      'fig5.yaml',
      'lb-508 reaches hsm-510-1 or hsm-510-2 or hsm-510-3 tcp/1792 although any one zone fails',
      'lb-508 reaches hsm-510-1 tcp/1792 although any one zone fails',
    );
    expect(all).toMatchObject({ verdict: 'proved' });
    expect(all?.message).toContain('3 zones');
    expect(one?.message).toMatch(/^not while zone-518-1 is down/);
  });

  it('are vacuous where nothing can fail but what the sender stands in', () => {
    const [decided] = decide('firewalls.yaml', 'web-1 reaches web-2 tcp/443 although any one zone fails');
    expect(decided?.verdict).toBe('proved');
    const text = readFileSync('scenarios/fig1.yaml', 'utf8');
    expect(text).toContain('zones: [zone-1]');
    const [alone] = decide('fig1.yaml', 'app reaches hsm-112 tcp/1792 although any one zone fails');
    expect(alone).toMatchObject({ verdict: 'vacuous' });
    expect(alone?.message).toContain('without which app cannot send');
  });

  it('[H-05] say that one thing fails at a time', () => {
    const [decided] = decide(
      'fig5.yaml',
      'lb-508 reaches hsm-510-1 or hsm-510-2 tcp/1792 although any one zone fails',
    );
    expect(decided?.assumptions.join()).toContain('one thing fails at a time');
  });
});
