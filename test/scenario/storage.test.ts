import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameAfter } from '../../src/dataplane/index.ts';
import { encodeFrame } from '../../src/packet/index.ts';
import { loadScenario, type Step, tablesOf, type World } from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { createWorld } from '../../src/scenario/world.ts';

const FILE = readFileSync('scenarios/storage-server-side-encryption.yaml', 'utf8');
const KEPT = 'Now an object is kept';

/** The world after the step of this name, and what was answered in that step; other steps may be left out. */
function worldAfter(name: string, keep: (step: Step) => boolean = () => true, text = FILE) {
  const { scenario, diagnostics } = loadScenario(text, 'storage.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const last = scenario.steps.findIndex((step) => step.name?.startsWith(name) === true);
  const steps = scenario.steps.slice(0, last + 1).filter(keep);
  const created = createWorld(scenario);
  if (!created.ok) throw new Error('no world');
  let answers: readonly string[] = [];
  for (const [index, step] of steps.entries()) {
    const performed = performStep(created.value, step, index);
    if (!performed.ok) throw new Error(performed.fault.map(({ message }) => message).join('; '));
    answers = performed.value.conversations[0]?.answers ?? [];
  }
  return { world: created.value, answers };
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Every frame that ever was on a wire, in hexadecimal. */
function wires({ trace }: World): string {
  const frames = trace.journeys(0).flatMap(({ steps }) => steps.map(frameAfter));
  return frames.map((frame) => (frame === null ? '' : hexOf(encodeFrame(frame)))).join('\n');
}

/** A secret in the forms in which it might slip out. */
const formsOf = (secret: string): readonly string[] => {
  const raw = Buffer.from(secret, 'hex');
  return [secret, hexOf(Buffer.from(secret)), hexOf(Buffer.from(raw.toString('base64').replace(/=+$/, '')))];
};

describe('a storage service in the network', () => {
  const cases = [true, false].flatMap((joined) =>
    [true, false].flatMap((listed) => [true, false].map((client) => ({ joined, listed, client }))),
  );
  it.each(cases)(
    '[G-03] [Q-24] [G-01] keeps objects where the customer has joined the networks, listed it, and made it a client: $joined, $listed, $client',
    ({ joined, listed, client }) => {
      const ofJoining = ['peer', 'accept-peering', 'add-route'];
      const keep = ({ kind }: Step) =>
        (joined || !ofJoining.includes(kind)) && (listed || kind !== 'set-firewall');
      const text = client ? FILE : FILE.replace('- assign-client storage-7 objects', '- list-clients');
      const { answers } = worldAfter(KEPT, keep, text);
      const all = joined && listed && client;
      expect(answers.map((answer) => answer.split(' ')[0])).toEqual(
        all ? ['OK', 'OK', 'OK'] : ['KEY_UNAVAILABLE', 'KEY_UNAVAILABLE', 'OK'],
      );
    },
  );

  it('[P29] [P13] [G-05] lets no data key cross the network or lie at rest in the clear; both scanners find what is there', () => {
    const { world, answers } = worldAfter('And is read again');
    expect(answers[0]).toBe('OK {"text":"Dear Sir"}');
    const { state } = world.machines.get('storage/storage-7')?.storages[0] ?? {};
    const opened = Object.values(state?.opened ?? {}).map(({ dataKey }) => dataKey);
    expect(opened).toHaveLength(2);
    const crossed = wires(world);
    const [, , , , , rest] = tablesOf(world, 'hsm');
    const atRest = `${JSON.stringify(state?.objects)} ${JSON.stringify(rest)}`;
    for (const form of opened.flatMap(formsOf)) {
      expect(crossed).not.toContain(form);
      expect(atRest).not.toContain(form);
    }
    expect(crossed).not.toContain(hexOf(Buffer.from('Dear Sir')));
    expect(atRest).not.toContain('Dear Sir');
    // What is public is found in both: the wrapped key at rest, and the name of the client in its certificate on the wire.
    const { wrapped = 'none' } = state?.objects['letter'] ?? {};
    expect(atRest).toContain(wrapped);
    expect(crossed).toContain(hexOf(Buffer.from('storage/storage-7')));
  });

  it('[G-05] [G-04] shows what lies at rest, under which key', () => {
    const { world } = worldAfter(KEPT);
    const table = tablesOf(world, 'hsm').find(({ title }) => title.startsWith('storage services'));
    expect(table?.rows.map((row) => row.slice(0, 4))).toEqual([
      ['storage-7', '443', 'letter', 'vault'],
      ['storage-7', '443', 'ledger', 'archive'],
    ]);
  });

  it('[G-02] answers nobody whose address is not on its list, and never asks the module for them', () => {
    const { world, answers } = worldAfter('Who is not in');
    expect(answers.map((answer) => answer.split(' ')[0])).toEqual(['NOT_AUTHORIZED', 'NOT_AUTHORIZED']);
    expect(world.machines.get('storage/storage-7')?.storages[0]?.state.waiting).toEqual({});
  });

  it('complains about what is no storage service, all mistakes at once', () => {
    const wrong = FILE.replace('hsm: 10.0.0.201, pin', 'hsm: 10.0.0.256, pin')
      .replace('allow: [198.51.100.7/32]', 'allow: [198.51.100.7/33]')
      .replace('remembers: 30 s', 'remembers: 30 parsecs');
    const { scenario, diagnostics } = loadScenario(wrong, 'storage.yaml');
    expect(scenario).toBeNull();
    expect(diagnostics.map(({ line, message }) => [line, message])).toMatchInlineSnapshot(`
      [
        [
          51,
          ""10.0.0.256" is not an IPv4 address: octet 256 is above 255",
        ],
        [
          51,
          ""198.51.100.7/33" is not an IPv4 block: prefix lengths go from 0 to 32",
        ],
        [
          51,
          ""parsecs" is not a unit of time",
        ],
      ]
    `);
  });
});
