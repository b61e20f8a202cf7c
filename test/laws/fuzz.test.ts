import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, decodePacket, encodeFrame, type Frame } from '../../src/packet/index.ts';
import type { PlaceId } from '../../src/program/index.ts';
import { anyNetwork, buildNetwork } from '../support/networks.ts';
import { anyFrame } from '../support/packets.ts';

/* Whatever bytes arrive: a drop with a reason or a delivery, never an exception, never an endless loop. */

/** Bytes turned over, cut off or put behind, so that lengths lie and headers contradict each other. */
const anyDamaged: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    anyFrame,
    fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { maxLength: 6 }),
    fc.nat(200),
    fc.uint8Array({ maxLength: 8 }),
  )
  .map(([frame, changes, kept, tail]) => {
    const whole = encodeFrame(frame);
    for (const [at, byte] of changes) whole[at % whole.length] = byte;
    const cut = kept < 100 ? whole : whole.subarray(0, Math.floor((whole.length * (kept - 100)) / 100));
    return Uint8Array.from([...cut, ...tail]);
  });

const anyBytes = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }) },
  { weight: 4, arbitrary: anyDamaged },
);

/** Frames that some bytes can be read as, from whole ones and from ruins. */
const anyReadable: fc.Arbitrary<Frame> = fc.oneof(
  anyFrame,
  anyBytes.map((bytes): Frame => {
    const read = decodeFrame(bytes);
    const link = { target: 1 as never, source: 2 as never, vlan: null };
    return read.ok ? read.value : { link, body: { kind: 'opaque-frame', etherType: 0x0800, payload: bytes } };
  }),
);

/** No packet makes so many others, however long they take to give up. */
const MOST_JOURNEYS = 3_000;

describe('whatever bytes arrive', () => {
  it('[DC-01] they are read as something, or refused with a layer, an offset and a reason', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        for (const read of [decodeFrame(bytes), decodePacket(bytes)]) {
          if (read.ok) continue;
          const { code, offset, message } = read.fault;
          expect(code).toMatch(/^packet\//);
          expect(offset).toBeLessThanOrEqual(bytes.length);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('[DC-01] every place of a network passes them on or drops them for a reason, and all comes to rest', () => {
    fc.assert(
      fc.property(
        anyNetwork,
        fc.array(fc.tuple(anyReadable, fc.nat(10_000)), { maxLength: 40 }),
        (plan, sent) => {
          const { engine, trace } = buildNetwork(plan).world;
          for (const [frame, at] of sent) {
            engine.begin((at % engine.program.places.length) as PlaceId, frame);
          }
          engine.run();
          expect(trace.count).toBeLessThan(MOST_JOURNEYS);
          const { begun, copied, delivered, consumed, dropped, reasons } = engine.tally;
          expect(delivered + consumed + dropped).toBe(begun + copied);
          expect([...reasons.values()].reduce((sum, count) => sum + count, 0)).toBe(dropped);
          for (const reason of reasons.keys()) expect(reason).toMatch(/^[a-z0-9]+\.[a-z-]+$/);
        },
      ),
      { numRuns: 60 },
    );
  });
});
