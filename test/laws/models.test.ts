import fc from 'fast-check';
import { applyPatches } from 'immer';
import { describe, expect, it } from 'vitest';
import { EMPTY_MODEL, type Model } from '../../src/model/index.ts';
import {
  type Change,
  call,
  failPart,
  healPart,
  type ModelDraft,
  openZone,
} from '../../src/provider/index.ts';
import { anyNetwork, buildNetwork } from '../support/networks.ts';

/** Every change that made a network, and then a failure and its end. */
function changesOf(plan: Parameters<typeof buildNetwork>[0]): readonly Change[] {
  const { world } = buildNetwork(plan);
  const part = { kind: 'device' as const, id: 'tor', name: 'tor', from: null };
  const failed = call(world.model, 'fail', failPart, part);
  if (!failed.ok) throw new Error('a switch can fail');
  const healed = call(failed.value.model, 'heal', healPart, part);
  if (!healed.ok) throw new Error('and be healed');
  return [...world.changes, failed.value, healed.value];
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

/** Everything in a model, as text: addresses of IPv6 are bigints, which JSON does not know. */
function printed(model: object): string {
  return JSON.stringify(model, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

describe('the model, whatever the provider does to it', () => {
  it('[DC-07] every change leads from one model to the next by its patches, and back by the others', () => {
    fc.assert(
      fc.property(anyNetwork, (plan) => {
        let before: Model = EMPTY_MODEL;
        for (const { model, forward, back } of changesOf(plan)) {
          expect(applyPatches(before, forward)).toEqual(model);
          expect(applyPatches(model, back)).toEqual(before);
          before = model;
        }
      }),
      { numRuns: 40 },
    );
  });

  it('[DC-07] a change leaves the model that it began with as it was, and nobody can write into either', () => {
    fc.assert(
      fc.property(anyNetwork, (plan) => {
        const { world } = buildNetwork(plan);
        const kept = printed(world.model);
        const change = call(world.model, 'fail', failPart, {
          kind: 'device',
          id: 'tor',
          name: 'tor',
          from: null,
        });
        expect(change.ok && change.value.model !== world.model).toBe(true);
        expect(printed(world.model)).toBe(kept);
        expect(world.changes.every(({ model }) => isFrozen(model))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('[DC-07] a refused call changes nothing, also what it wrote before it was refused', () => {
    fc.assert(
      fc.property(anyNetwork, (plan) => {
        const { model } = buildNetwork(plan).world;
        const kept = printed(model);
        const rest = { kind: 'room', power: [], operator: null, from: null } as const;
        const halfWay = (draft: ModelDraft) => [
          ...openZone(draft, { name: 'zone-new', ...rest }),
          ...openZone(draft, { name: 'zone-306', ...rest }),
        ];
        expect(call(model, 'two zones', halfWay, null).ok).toBe(false);
        expect(printed(model)).toBe(kept);
      }),
      { numRuns: 20 },
    );
  });

  it('[DC-07] a verb that writes past its draft is stopped', () => {
    const { model } = buildNetwork({ tenants: [], moreServers: false, spare: true, seed: 1 }).world;
    const wrong = (): [] => {
      Object.assign(model.zones, { 'zone-306': null });
      return [];
    };
    expect(() => call(model, 'wrong', wrong, null)).toThrow(TypeError);
  });
});
