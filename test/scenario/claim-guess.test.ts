import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, REST, WORD } from '../../src/scenario/approximate.ts';
import { claimsNear } from '../../src/scenario/claim-guess.ts';
import { loadScenario, parseClaim } from '../../src/scenario/index.ts';

/* A misspelt claim is refused, and what was meant is offered. */

/** Claims of every form; a word of the form stands between `<` and `>`, and the rest is what its author fills in. */
const CLAIMS = [
  '<nothing from >acme< reaches >globex',
  '<nothing from >acme< reaches >app-310 tcp/22',
  '<nothing unasked from >acme< reaches >globex udp/53',
  'hsm-326< sees only source >192.168.0.55',
  'hsm-326< sees only sources >192.168.0.55, 10.10.0.0/16',
  'acme< reaches >globex< only via >nat-322',
  'app-310< reaches >hsm-326 tcp/1792',
  'app-310< reaches >hsm-326< or >hsm-327 tcp/1792',
  'app-310< reaches >hsm-326< or >hsm-327 tcp/1792< although any one zone fails>',
  'app-310< reaches >hsm-326 tcp/1792< although any one machine fails>',
  '<every request from >app-310< to >10.0.0.201 tcp/1792< is answered>',
  '<every request from >app-310< to >10.0.0.201 icmp< is answered from >10.0.0.201< although any one link fails>',
  '<no address of >acme< is seen beyond >nat-322',
  '<no identifier of >acme< is seen beyond >nat-322',
  '<equal to >other.yaml',
  '<from >acme< to >globex< equal to >../plans/other.yaml',
  '<no loop>',
  '<no silent loss>',
];

/** The claim, and the places where a letter of the form itself stands. */
function taken(marked: string): { readonly claim: string; readonly own: readonly number[] } {
  const own: number[] = [];
  let claim = '';
  let inForm = false;
  for (const letter of marked) {
    if (letter === '<' || letter === '>') {
      inForm = letter === '<';
      continue;
    }
    if (inForm) own.push(claim.length);
    claim += letter;
  }
  return { claim, own };
}

const SLIPS = ['left out', 'typed twice', 'another letter', 'one too many', 'swapped'] as const;

const anySlip = fc
  .record({
    marked: fc.constantFrom(...CLAIMS),
    at: fc.nat(),
    slip: fc.constantFrom(...SLIPS),
    letter: fc.constantFrom('x', 'q', 'e', 'k'),
  })
  .map(({ marked, at, slip, letter }) => {
    const { claim, own } = taken(marked);
    // where a form's own text ends, a letter belongs as well to what its author fills in
    const reach = slip === 'swapped' ? [-1, 1, 2] : [-1, 1];
    const inside = own.filter((place) => reach.every((step) => own.includes(place + step)));
    const place = inside[at % inside.length] ?? 1;
    return { claim, slipped: withSlip(claim, place, slip, letter) };
  })
  .filter(({ claim, slipped }) => claim !== slipped);

function withSlip(text: string, at: number, slip: (typeof SLIPS)[number], letter: string): string {
  const [before, here, next, behind] = [
    text.slice(0, at),
    text[at] ?? '',
    text[at + 1] ?? '',
    text.slice(at + 1),
  ];
  switch (slip) {
    case 'left out':
      return `${before}${behind}`;
    case 'typed twice':
      return `${before}${here}${here}${behind}`;
    case 'another letter':
      return `${before}${letter}${behind}`;
    case 'one too many':
      return `${before}${letter}${here}${behind}`;
    case 'swapped':
      return `${before}${next}${here}${text.slice(at + 2)}`;
  }
}

describe('a claim with a slip of the pen', () => {
  it('is refused, and the right one is offered, in every form and at any letter', () => {
    fc.assert(
      fc.property(anySlip, ({ claim, slipped }) => {
        expect(parseClaim(claim).ok).toBe(true);
        const read = parseClaim(slipped);
        const same = JSON.stringify(read) === JSON.stringify(parseClaim(claim));
        // `no loops`, `sources` of one address, two spaces for one: nothing is wrong with these
        if (same) return;
        expect(read.ok ? 'read as another claim' : read.fault.help).toContain(JSON.stringify(claim));
      }),
      { numRuns: 300 },
    );
  });

  it('is shown where it is wrong', () => {
    const text = [
      'title: slip',
      'provider: { zones: [here] }',
      'customers: {}',
      'prove:',
      '  - no loop',
      '  - "no  silnet loss"',
    ].join('\n');
    const [complaint, ...others] = loadScenario(text, 'slip.yaml').diagnostics;
    expect(others).toEqual([]);
    expect(complaint).toMatchObject({
      line: 6,
      column: 10,
      length: 6,
      help: 'did you mean "no silent loss"?',
    });
    expect(complaint?.message).toContain('"silnet" stands where "silent" should');
  });

  it.each([
    ['acme is isolted from globex', 'nothing from acme reaches globex'],
    ['app-310 cannot reach hsm-327', 'nothing from app-310 reaches hsm-327'],
    ['hsm-326 is unreachable from globex', 'nothing from globex reaches hsm-326'],
    ['hsm-326 hears only 192.168.0.55', 'hsm-326 sees only source 192.168.0.55'],
    ['app-310 can reach hsm-326 tcp/1792', 'app-310 reaches hsm-326 tcp/1792'],
    ['app-310 reaches hsm-326 only through nat-322', 'app-310 reaches hsm-326 only via nat-322'],
  ])('in words of another language is translated: %s', (said, meant) => {
    const read = parseClaim(said);
    expect(read.ok ? null : read.fault.help).toBe(`did you mean ${JSON.stringify(meant)}?`);
  });

  it.each(['acme is safe', 'pigs fly', 'all is well', '', 'x'.repeat(10_000)])(
    'that is far from any is told all forms',
    (said) => {
      const read = parseClaim(said);
      expect(read.ok ? null : read.fault.help).toContain('claims are: nothing');
      expect(claimsNear(said).every((near) => !parseClaim(near).ok)).toBe(true);
    },
  );
});

describe('a text against a pattern', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  });

  it('fits without a cost when its gaps are filled', () => {
    fc.assert(
      fc.property(words, words, (fixed, gaps) => {
        const parts = fixed.flatMap((word, at) => [...` ${word} `, ...(at < gaps.length ? [WORD] : [])]);
        const text = fixed.map((word, at) => ` ${word} ${gaps[at] ?? ''}`).join('');
        expect(align(parts, text, 0)?.cost).toBe(0);
      }),
    );
  });

  it('fits at the cost of the letters that are wrong, and gives back what is in the gaps', () => {
    expect(align([...'no ', WORD, ...' of ', REST], 'no address of a, b', 3)).toEqual({
      cost: 0,
      gaps: ['address', 'a, b'],
    });
    expect(align([...'sees only ', WORD], 'sees onyl x', 3)).toEqual({ cost: 1, gaps: ['x'] });
    expect(align([...'sees only ', WORD], 'seesonly x', 3)).toEqual({ cost: 1, gaps: ['x'] });
    expect(align([...'sees only ', WORD], 'sees only ', 0)).toBeNull();
  });
});
