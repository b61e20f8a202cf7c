import { describe, expect, it } from 'vitest';
import {
  type DropReason,
  loadNetwork,
  type Network,
  type Packet,
  perform,
  trace,
  VnsimError,
} from '../../src/library/index.ts';
import '../../src/matchers/index.ts';
import { OFFICE } from '../library/office.ts';
import { scenarioFile } from '../library/scenario-file.ts';

const office = loadNetwork(OFFICE);
const fig3 = loadNetwork(scenarioFile('fig3'), { file: 'fig3.yaml' });
const tenants = loadNetwork(scenarioFile('two-tenants'), { steps: 'building' });
const hsm: Packet = { from: 'app-310', to: '10.0.0.201', tcp: { port: 1792 } };
const shell: Packet = { from: 'app-310', to: '10.0.0.201', tcp: { port: 22 } };

/** The message of the expectation that fails. */
function complaintOf(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('the expectation is met');
}

describe('[DC-10] expect(network)', () => {
  it('toDeliver, toDrop and toAnswer follow a packet', () => {
    expect(fig3).toDeliver(hsm);
    expect(fig3).toDeliver(hsm, 'hsm-326');
    expect(fig3).not.toDeliver(hsm, 'store-310');
    expect(fig3).not.toDeliver(shell);
    expect(fig3).toDrop(shell);
    expect(fig3).toDrop(shell, 'firewall.deny');
    expect(fig3).not.toDrop(shell, 'route.none');
    expect(fig3).not.toDrop(hsm);
    expect(fig3).toAnswer(hsm);
    expect(fig3).not.toAnswer(shell);
    // nobody listens there: the module says so, which is an answer of TCP, and of UDP an error
    expect(office).not.toAnswer({ from: 'desk', to: 'files', udp: { port: 53 } });
    expect(office).toAnswer({ from: 'desk', to: 'files', icmp: 'echo' });
  });

  it('toIsolate and toProve speak of all packets', () => {
    expect(tenants).toIsolate('acme', 'globex');
    expect(office).not.toIsolate('desk', 'files');
    expect(fig3).toProve('hsm-326 sees only source 192.168.0.55');
    expect(fig3).not.toProve('nothing from acme reaches hsm-326');
  });

  it('toPass runs the scenario itself', () => {
    expect(fig3).toPass();
    expect(loadNetwork(scenarioFile('fails-on-purpose'))).not.toPass();
  });

  it('toLetThroughTheSameAs compares', () => {
    expect(fig3).toLetThroughTheSameAs(perform(fig3, { wait: '1 s' }));
    expect(fig3).not.toLetThroughTheSameAs(loadNetwork(scenarioFile('fig3'), { steps: 0 }));
  });
});

describe('[DC-10] a failure shows', () => {
  it('the packet, the way it took and the rule that decided', () => {
    const message = complaintOf(() => expect(fig3).toDeliver(shell, 'hsm-326'));
    expect(message).toContain(
      'expected the network to deliver - { send: { from: app-310, to: 10.0.0.201, tcp: { port: 22 } } } to hsm-326',
    );
    expect(message).toContain('but it was dropped at vni-314: firewall.deny');
    expect(message).toContain('no rule allows tcp/22 from 10.0.0.7');
    expect(message).toContain('fig3.yaml:36');
  });

  it('what came instead where it should not have', () => {
    const message = complaintOf(() => expect(fig3).not.toAnswer(hsm));
    expect(message).toContain('expected the network not to answer');
    expect(message).toContain('but it was delivered to hsm-326, and the answer was delivered to app-310');
  });

  it('a packet that breaks a claim', () => {
    const message = complaintOf(() => expect(office).toIsolate('desk', 'files'));
    expect(message).toContain('expected the network to isolate desk and files, whatever anybody sends');
    expect(message).toContain('“nothing from desk reaches files” is refuted');
    expect(message).toContain('→  1  desk');
  });

  it('what a change opened', () => {
    const message = complaintOf(() =>
      expect(fig3).toLetThroughTheSameAs(loadNetwork(scenarioFile('fig3'), { steps: 0 })),
    );
    expect(message).toContain('but they differ for');
  });
});

/** What rests on nothing fails both ways round. */
const UNDECIDED: readonly (readonly [string, (network: Network, not: boolean) => void])[] = [
  [
    'a scenario without checks',
    (network, not) => (not ? expect(network).not.toPass() : expect(network).toPass()),
  ],
];

describe('[DC-10] neither an expectation nor its opposite is met by', () => {
  it.each(UNDECIDED)('%s', (_, expectation) => {
    for (const not of [false, true]) {
      expect(complaintOf(() => expectation(office, not))).toContain('expects and claims nothing');
    }
  });
});

describe('[DC-10] a mistake in a test is no result, with .not or without', () => {
  const nobody: Packet = { ...hsm, from: 'app-31' };
  it.each<readonly [string, () => void, string]>([
    ['no such sender', () => expect(fig3).not.toDeliver(nobody), '"app-310"'],
    ['nobody of that name to get it', () => expect(fig3).not.toDeliver(hsm, 'hsm-36'), '"hsm-326"'],
    [
      'no such reason',
      () => expect(fig3).not.toDrop(shell, 'firewall.denied' as DropReason),
      '"firewall.deny"',
    ],
    ['no such customer', () => expect(tenants).not.toIsolate('acne', 'globex'), '"acme"'],
    ['no claim', () => expect(fig3).not.toProve('all is well'), 'claims are'],
    ['no network', () => expect('fig3.yaml' as unknown as Network).not.toPass(), 'loadNetwork'],
  ])('%s', (_, attempt, words) => {
    expect(attempt).toThrow(VnsimError);
    expect(attempt).toThrow(words);
  });

  it('and asking changes nothing', () => {
    expect(trace(fig3, hsm)).toEqual(trace(fig3, hsm));
  });
});
