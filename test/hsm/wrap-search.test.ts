import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attribute, attributeOf, type ModuleState } from '../../src/hsm/index.ts';
import { openValue } from '../../src/hsm/keystore/vault.ts';
import { APP, plain, type Rig, readyRig, toHex } from './rig.ts';

/*
 * What somebody who is logged in as crypto officer and means ill can come to by the interface alone: random templates, random wrapping, and
 * everything unwrapped again as something else. It is judged by the keys that exist afterwards, as the model of Clulow (2003) and of
 * Tookan (CCS 2010) does it: whoever holds such a set of keys computes the rest outside.
 */

const USES = ['CKA_WRAP', 'CKA_UNWRAP', 'CKA_ENCRYPT', 'CKA_DECRYPT', 'CKA_EXTRACTABLE'] as const;
const uses = fc.subarray([...USES]);
const KW = plain('CKM_AES_KEY_WRAP');
const SECRET: readonly Attribute[] = [attributeOf('CKA_CLASS', 4), attributeOf('CKA_KEY_TYPE', 0x1f)];
const KNOWN = new Uint8Array(32).fill(0x42);

type Uses = readonly (typeof USES)[number][];
type Move =
  | { readonly move: 'generate' | 'import'; readonly uses: Uses; readonly open: boolean }
  | { readonly move: 'wrap'; readonly by: number; readonly key: number }
  | {
      readonly move: 'unwrap';
      readonly by: number;
      readonly blob: number;
      readonly uses: Uses;
      readonly open: boolean;
    }
  | {
      readonly move: 'change';
      readonly key: number;
      readonly use: (typeof USES)[number];
      readonly value: boolean;
    };

const place = fc.nat({ max: 7 });
const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        move: fc.constantFrom('generate' as const, 'import' as const),
        uses,
        open: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ move: fc.constant('wrap' as const), by: place, key: place }) },
    {
      weight: 3,
      arbitrary: fc.record({
        move: fc.constant('unwrap' as const),
        by: place,
        blob: place,
        uses,
        open: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        move: fc.constant('change' as const),
        key: place,
        use: fc.constantFrom(...USES),
        value: fc.boolean(),
      }),
    },
  ),
  { maxLength: 14 },
);

const templateOf = (wanted: Uses, open: boolean): readonly Attribute[] => [
  ...wanted.map((use) => attributeOf(use, true)),
  ...(open ? [attributeOf('CKA_SENSITIVE', false)] : []),
];

/** Performs what can be performed; what is refused is refused. */
function perform(rig: Rig, session: number, path: readonly Move[]): void {
  const keys: number[] = [];
  const blobs: Uint8Array[] = [];
  const keep = (result: ReturnType<typeof rig.give<'C_GenerateKey'>>): void => {
    if (result.kind === 'done') keys.push(result.value.object);
  };
  for (const step of path) {
    switch (step.move) {
      case 'generate': {
        const template = [attributeOf('CKA_VALUE_LEN', 32), ...templateOf(step.uses, step.open)];
        keep(
          rig.give(APP, { kind: 'C_GenerateKey', session, mechanism: plain('CKM_AES_KEY_GEN'), template }),
        );
        break;
      }
      case 'import': {
        const template = [...SECRET, attributeOf('CKA_VALUE', KNOWN), ...templateOf(step.uses, step.open)];
        keep(rig.give(APP, { kind: 'C_CreateObject', session, template }));
        break;
      }
      case 'wrap': {
        const { by, key } = step;
        const [wrapping = 0, wrapped = 0] = [keys[by % keys.length], keys[key % keys.length]];
        const result = rig.give(APP, { kind: 'C_WrapKey', session, mechanism: KW, wrapping, key: wrapped });
        if (result.kind === 'done') blobs.push(result.value.data);
        break;
      }
      case 'unwrap': {
        const wrapped = blobs[step.blob % blobs.length] ?? new Uint8Array(40);
        const template = [...SECRET, ...templateOf(step.uses, step.open)];
        const unwrapping = keys[step.by % keys.length] ?? 0;
        keep(rig.give(APP, { kind: 'C_UnwrapKey', session, mechanism: KW, unwrapping, wrapped, template }));
        break;
      }
      case 'change': {
        const object = keys[step.key % keys.length] ?? 0;
        const template = [attributeOf(step.use, step.value)];
        rig.give(APP, { kind: 'C_SetAttributeValue', session, object, template });
      }
    }
  }
}

/** What the keys of a partition give away together; `null`: nothing. */
function leakIn(state: ModuleState): string | null {
  const keys = Object.values(state.partitions).flatMap(({ objects }) =>
    Object.values(objects).flatMap(({ attributes, sealed }) => {
      const value = sealed === null ? null : openValue(state, sealed);
      return value === null ? [] : [{ attributes, value: toHex(value) }];
    }),
  );
  const groups = [...new Set(keys.map(({ value }) => value))].map((value) =>
    keys.filter((key) => key.value === value),
  );
  for (const group of groups) {
    const has = (test: (attributes: (typeof keys)[number]['attributes']) => boolean): boolean =>
      group.some(({ attributes }) => test(attributes));
    const readable = has(
      ({ CKA_SENSITIVE, CKA_EXTRACTABLE }) => CKA_SENSITIVE !== true && CKA_EXTRACTABLE === true,
    );
    const known = group[0]?.value === toHex(KNOWN) || readable;
    if (has(({ CKA_WRAP }) => CKA_WRAP === true)) {
      if (has(({ CKA_DECRYPT }) => CKA_DECRYPT === true)) return 'one key both wraps and decrypts';
      if (known) return 'somebody outside knows a key that wraps';
    }
    // What was made sensitive is a secret; what was open before may be open again.
    if (readable && has(({ CKA_ALWAYS_SENSITIVE }) => CKA_ALWAYS_SENSITIVE === true)) {
      return 'a sensitive key has a copy that is read out';
    }
  }
  return null;
}

describe('a crypto officer who means ill', () => {
  it('[P10] comes to no set of keys that gives another one away, whatever is wrapped and unwrapped', () => {
    fc.assert(
      fc.property(moves, (path) => {
        const { rig, session } = readyRig(4);
        perform(rig, session, path);
        expect(leakIn(rig.state)).toBe(null);
      }),
      { numRuns: 250 },
    );
  });

  it('[P10] does come to one where policy safe-wrapping is off: the positive control', () => {
    const found = new Set<string>();
    const clulow: readonly Move[] = [
      { move: 'generate', uses: ['CKA_EXTRACTABLE'], open: false },
      { move: 'generate', uses: ['CKA_WRAP', 'CKA_UNWRAP'], open: false },
      { move: 'wrap', by: 1, key: 0 },
      { move: 'unwrap', by: 1, blob: 0, uses: ['CKA_EXTRACTABLE'], open: true },
    ];
    for (const path of [clulow, ...fc.sample(moves, { numRuns: 200, seed: 10 })]) {
      const { rig, session } = readyRig(4, { 'safe-wrapping': 0 });
      perform(rig, session, path);
      const leak = leakIn(rig.state);
      if (leak !== null) found.add(leak);
    }
    expect([...found].sort()).toEqual([
      'a sensitive key has a copy that is read out',
      'one key both wraps and decrypts',
      'somebody outside knows a key that wraps',
    ]);
  });

  it('[P10] makes no key that wraps and can be wrapped: unwrapped as one that decrypts it would open what it wrapped', () => {
    const { rig, session } = readyRig(4);
    const template = [
      attributeOf('CKA_VALUE_LEN', 32),
      attributeOf('CKA_WRAP', true),
      attributeOf('CKA_EXTRACTABLE', true),
    ];
    const made = rig.code(APP, {
      kind: 'C_GenerateKey',
      session,
      mechanism: plain('CKM_AES_KEY_GEN'),
      template,
    });
    expect(made).toBe('CKR_TEMPLATE_INCONSISTENT');
  });
});
