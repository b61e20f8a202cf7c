import { describe, expect, it } from 'vitest';
import { nanos } from '../../src/base/index.ts';
import { proposalDigest } from '../../src/hsm/device/quorum.ts';
import {
  ADMIN,
  APP,
  handOver,
  initialise,
  newRig,
  OFFICER,
  PANEL,
  preparePartition,
  type Rig,
  readyRig,
  SECOND_OFFICER,
} from './rig.ts';

describe('suspension', () => {
  it('[P20] [L-10] [L-11] cuts the module off and gives it back exactly as it was', () => {
    const { rig } = readyRig();
    const before = rig.state;
    rig.must(PANEL, { kind: 'suspend', period: nanos(100) });
    for (let count = 0; count < 5; count += 1) {
      expect(rig.code(OFFICER, { kind: 'login', name: 'sam', secret: 'wrong-one' })).toBe('silent');
      expect(rig.code(APP, { kind: 'C_Finalize' })).toBe('silent');
    }
    expect(rig.code(PANEL, { kind: 'reclaim' })).toBe('GRACE_PERIOD');
    rig.must(PANEL, { kind: 'restore-service' });
    expect(rig.state).toEqual(before);
  });

  it('[L-12] is followed by erasing once the period is over, and then the module is new', () => {
    const { rig } = readyRig();
    rig.must(PANEL, { kind: 'suspend', period: nanos(100) });
    rig.now = nanos(100);
    rig.must(PANEL, { kind: 'reclaim' });
    expect(rig.state).toMatchObject({
      life: 'factory',
      kek: null,
      partitions: {},
      administrators: {},
      suspended: null,
    });
    expect(rig.code(PANEL, { kind: 'reclaim' })).toBe('WRONG_STATE');
  });
});

describe('M of N', () => {
  const command = { kind: 'delete-partition', name: 'payments', proposal: null } as const;
  const quorumRig = (): Rig => {
    const rig = newRig(3);
    handOver(rig);
    initialise(rig, 2);
    preparePartition(rig, 'payments', APP);
    preparePartition(rig, 'ledger', APP);
    return rig;
  };

  it('[P12] [U-27] one officer cannot do it alone, however often approved', () => {
    const rig = quorumRig();
    expect(rig.code(OFFICER, command)).toBe('QUORUM');
    const { proposal, digest } = rig.must(OFFICER, { kind: 'propose', proposed: command });
    expect(rig.must(OFFICER, { kind: 'approve', proposal, digest })).toEqual({ approvals: 1 });
    expect(rig.code(OFFICER, { ...command, proposal })).toBe('QUORUM');
    expect(rig.must(SECOND_OFFICER, { kind: 'approve', proposal, digest })).toEqual({ approvals: 2 });
    expect(rig.code(OFFICER, { ...command, proposal })).toBe('done');
  });

  it('[P12] an approval holds for no other command, and only once', () => {
    const rig = quorumRig();
    const { proposal, digest, nonce } = rig.must(OFFICER, { kind: 'propose', proposed: command });
    expect(digest).toBe(proposalDigest(command, nonce, rig.state.generation));
    expect(rig.code(SECOND_OFFICER, { kind: 'approve', proposal, digest: digest.replace(/^./, 'x') })).toBe(
      'QUORUM',
    );
    rig.must(SECOND_OFFICER, { kind: 'approve', proposal, digest });
    expect(rig.code(OFFICER, { ...command, name: 'ledger', proposal })).toBe('QUORUM');
    expect(rig.code(OFFICER, { kind: 'reinitialise-partition', name: 'payments', proposal })).toBe('QUORUM');
    rig.must(OFFICER, { ...command, proposal });
    rig.must(OFFICER, { kind: 'create-partition', name: 'payments', quota: null });
    expect(rig.code(OFFICER, { ...command, proposal })).toBe('QUORUM');
    const second = rig.must(OFFICER, { kind: 'propose', proposed: command });
    expect(second.digest).not.toBe(digest);
    expect(rig.code(SECOND_OFFICER, { kind: 'approve', proposal: second.proposal, digest })).toBe('QUORUM');
  });

  it('[U-27] an officer who was struck off approves nothing any more', () => {
    const rig = quorumRig();
    rig.must(ADMIN, { kind: 'create-officer', name: 'sid', secret: 'sid-secret' });
    const { proposal, digest } = rig.must(OFFICER, { kind: 'propose', proposed: command });
    rig.must(SECOND_OFFICER, { kind: 'approve', proposal, digest });
    rig.must(ADMIN, { kind: 'delete-officer', name: 'sue' });
    expect(rig.code(OFFICER, { ...command, proposal })).toBe('QUORUM');
    expect(rig.code(SECOND_OFFICER, { kind: 'list-partitions' })).toBe('NOT_AUTHENTICATED');
    expect(rig.code(ADMIN, { kind: 'delete-officer', name: 'sid' })).toBe('QUORUM');
  });
});
