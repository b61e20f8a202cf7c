import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  damageFrame,
  encodeFrame,
  type Frame,
  hasGoodHeaderChecksum,
  isVxlan,
  verifyFrame,
} from '../../src/packet/index.ts';
import { anyFrame, withGoodFrame } from '../support/packets.ts';

const anyPosition = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The headers that nothing but the check sequence of the link protects. */
function unprotected(frame: Frame): unknown {
  const { link, body } = frame;
  if (body.kind !== 'ipv4') return frame;
  if (body.body.kind !== 'udp' || !isVxlan(body.body.body)) return link;
  const { segment, inner } = body.body.body;
  return [link, body.body.source, body.body.target, segment, unprotected(inner)];
}

describe('damage', () => {
  it('[DC-04] is told by a checksum wherever one covers the bit that was turned over', () => {
    fc.assert(
      fc.property(anyFrame.map(withGoodFrame), anyPosition, (frame, position) => {
        const damage = damageFrame(frame, position);
        if (damage === null || !damage.frame.ok) return;
        // a total length that lies makes of the packet another one, whose bytes are not all there
        const read = damage.frame.value;
        if (damage.detectable) expect(verifyFrame(read)).toBe('bad');
        else expect(verifyFrame(read)).toBe('good');
      }),
    );
  });

  it('[DC-04] leaves alone what leads a frame into a network', () => {
    fc.assert(
      fc.property(anyFrame.map(withGoodFrame), anyPosition, (frame, position) => {
        const damage = damageFrame(frame, position);
        if (damage?.frame.ok !== true) return;
        const read = damage.frame.value;
        expect(read.link).toEqual(frame.link);
        if (read.body.kind === 'ipv4' && hasGoodHeaderChecksum(read.body))
          expect(unprotected(read)).toEqual(unprotected(frame));
      }),
    );
  });

  it('[DC-04] turns over exactly one bit', () => {
    fc.assert(
      fc.property(anyFrame, anyPosition, (frame, position) => {
        const damage = damageFrame(frame, position);
        if (damage === null) return;
        const bytes = encodeFrame(frame);
        expect(damage.byte).toBeLessThan(bytes.length);
        expect(damage.byte).toBeGreaterThanOrEqual(14);
        expect(damage.bit).toBeLessThan(8);
      }),
    );
  });

  it('[DC-04] finds nothing to damage in a frame without checksums', () => {
    const frame: Frame = {
      link: { target: 1 as never, source: 2 as never, vlan: null },
      body: { kind: 'opaque-frame', etherType: 0x88cc, payload: new Uint8Array(40) },
    };
    expect(damageFrame(frame, 0.5)).toBeNull();
  });
});
