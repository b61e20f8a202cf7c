import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decideClaims, groundOf, loadScenario, prepareWorld } from '../../src/scenario/index.ts';

/*
 * Every row that says "never", "only", "no path" or "cannot be reached" of isolation, translation, channels, wrapping, zones and
 * the patent's claims, and the claims of FIG. 1, 2, 3 and 5 that show it for every packet.
 *
 * What is not said by a claim: I-04, I-08, I-12 and I-16 speak of the provider's API, T-07 and T-11 to T-14 of other networks or of
 * time, S-02, S-03 and S-12 of other channels and of one that is down, W-07 of what a trace shows, K-12 of keys.
 */
const SHOWN: { readonly [Row: string]: readonly (readonly [figure: string, claim: string])[] } = {
  'I-01': [
    ['fig1', 'nothing from globex reaches acme'],
    ['fig1', 'nothing from acme reaches globex'],
  ],
  'I-02': [
    ['fig1', 'nothing from globex reaches acme'],
    ['fig1', 'nothing from acme reaches globex'],
  ],
  'I-03': [
    ['fig1', 'nothing from globex reaches hsm-112'],
    ['fig1', 'nothing from acme reaches hsm-113'],
    ['fig1', 'nothing from hsm-112 reaches hsm-113'],
    ['fig1', 'nothing from hsm-113 reaches hsm-112'],
  ],
  'I-05': [['fig3', 'nothing from acme reaches hsm-326 tcp/22']],
  'I-06': [
    ['fig2', 'nothing unasked from internet reaches bastion-226 udp'],
    ['fig2', 'nothing unasked from internet reaches bastion-226 tcp/23-65535'],
  ],
  'I-09': [
    ['fig2', 'bastion-226 reaches hsm-238 tcp/22'],
    ['fig2', 'nothing from bastion-226 reaches acme'],
    ['fig2', 'nothing from bastion-226 reaches hsm-238 tcp/1792'],
  ],
  'I-10': [
    ['fig2', 'nothing unasked from internet reaches bastion-226 udp'],
    ['fig2', 'nothing unasked from internet reaches bastion-226 tcp/23-65535'],
  ],
  'I-11': [['fig3', 'nothing from acme reaches hsm-326 tcp/22']],
  'I-13': [
    ['fig1', 'acme reaches hsm-112 only via acme/nat-322'],
    ['fig1', 'globex reaches hsm-113 only via globex/nat-322'],
    ['fig2', 'acme reaches hsm-238 only via nat-224'],
    ['fig3', 'acme reaches hsm-326 only via nat-322'],
    ['fig5', 'acme reaches hsm-510-1 only via nat-514-1'],
    ['fig5', 'acme reaches hsm-510-2 only via nat-514-2'],
    ['fig5', 'acme reaches hsm-510-3 only via nat-514-3'],
  ],
  'I-14': [
    ['fig2', 'nothing from internet reaches hsm-238'],
    ['fig2', 'nothing from internet reaches acme'],
    ['fig2', 'nothing unasked from hsm-238 reaches internet'],
  ],
  'I-15': [
    ['fig2', 'nothing from acme reaches bastion-226'],
    ['fig2', 'nothing from bastion-226 reaches acme'],
  ],
  'I-18': [
    ['fig1', 'web sees only source 10.0.0.201'],
    ['fig1', 'app sees only sources 10.0.0.201, 172.16.0.0/24'],
    ['fig2', 'client-220 sees only sources 10.0.0.201, 172.16.0.0/24'],
    ['fig3', 'app-310 sees only sources 10.0.0.8, 10.0.0.201'],
  ],
  'T-02': [
    ['fig1', 'hsm-112 sees only source 192.168.0.4'],
    ['fig1', 'hsm-113 sees only source 192.168.0.4'],
    ['fig2', 'hsm-238 sees only sources 192.168.0.55, 192.168.1.4'],
    ['fig2', 'no identifier of acme is seen beyond nat-224'],
    ['fig3', 'hsm-326 sees only source 192.168.0.55'],
    ['fig3', 'no identifier of acme is seen beyond nat-322'],
    ['fig5', 'hsm-510-1 sees only source 192.168.1.4'],
    ['fig5', 'hsm-510-2 sees only source 192.168.2.4'],
    ['fig5', 'hsm-510-3 sees only source 192.168.3.4'],
  ],
  'T-03': [
    ['fig1', 'web sees only source 10.0.0.201'],
    ['fig1', 'app sees only sources 10.0.0.201, 172.16.0.0/24'],
    ['fig2', 'client-220 sees only sources 10.0.0.201, 172.16.0.0/24'],
    ['fig3', 'app-310 sees only sources 10.0.0.8, 10.0.0.201'],
    ['fig3', 'every request from app-310 to 10.0.0.201 tcp/1792 is answered'],
  ],
  'T-05': [
    ['fig1', 'hsm-112 sees only source 192.168.0.4'],
    ['fig1', 'hsm-113 sees only source 192.168.0.4'],
    ['fig1', 'no identifier of acme is seen beyond acme/nat-322'],
    ['fig1', 'no identifier of globex is seen beyond globex/nat-322'],
    ['fig2', 'no identifier of acme is seen beyond nat-224'],
    ['fig3', 'hsm-326 sees only source 192.168.0.55'],
    ['fig3', 'no identifier of acme is seen beyond nat-322'],
    ['fig5', 'no identifier of acme is seen beyond nat-514-1'],
  ],
  'T-06': [
    ['fig1', 'acme reaches hsm-112 only via acme/nat-322'],
    ['fig1', 'globex reaches hsm-113 only via globex/nat-322'],
    ['fig2', 'acme reaches hsm-238 only via nat-224'],
    ['fig3', 'acme reaches hsm-326 only via nat-322'],
    ['fig5', 'acme reaches hsm-510-1 only via nat-514-1'],
    ['fig5', 'acme reaches hsm-510-2 only via nat-514-2'],
    ['fig5', 'acme reaches hsm-510-3 only via nat-514-3'],
  ],
  'T-10': [
    ['fig1', 'nothing unasked from hsm-112 reaches acme'],
    ['fig1', 'nothing unasked from hsm-113 reaches globex'],
    ['fig2', 'nothing unasked from hsm-238 reaches acme'],
    ['fig3', 'nothing unasked from hsm-326 reaches acme'],
    ['fig5', 'nothing unasked from hsm-510-1 reaches acme'],
    ['fig5', 'nothing unasked from hsm-510-2 reaches acme'],
    ['fig5', 'nothing unasked from hsm-510-3 reaches acme'],
  ],
  'S-01': [
    ['fig2', 'client-218 reaches hsm-238 only via vgw-210'],
    ['fig2', 'client-218 reaches client-220 only via vgw-212'],
  ],
  'S-07': [
    ['fig2', 'every request from client-218 to 10.0.0.201 tcp/1792 is answered from 10.0.0.201'],
    ['fig2', 'nothing from internet reaches acme'],
  ],
  'S-08': [
    ['fig1', 'app sees only sources 10.0.0.201, 172.16.0.0/24'],
    ['fig2', 'client-220 sees only sources 10.0.0.201, 172.16.0.0/24'],
  ],
  'W-03': [
    ['fig1', 'nothing from globex reaches acme'],
    ['fig1', 'nothing from acme reaches globex'],
  ],
  'W-05': [
    ['fig1', 'nothing from globex reaches acme'],
    ['fig1', 'nothing from acme reaches globex'],
  ],
  'W-06': [
    ['fig1', 'no identifier of acme is seen beyond acme/nat-322'],
    ['fig1', 'no identifier of globex is seen beyond globex/nat-322'],
    ['fig2', 'no identifier of acme is seen beyond nat-224'],
    ['fig3', 'no identifier of acme is seen beyond nat-322'],
    ['fig5', 'no identifier of acme is seen beyond nat-514-1'],
  ],
  'H-03': [
    ['fig5', 'acme reaches hsm-510-1 only via nat-514-1'],
    ['fig5', 'acme reaches hsm-510-2 only via nat-514-2'],
    ['fig5', 'acme reaches hsm-510-3 only via nat-514-3'],
    ['fig5', 'hsm-510-1 sees only source 192.168.1.4'],
    ['fig5', 'hsm-510-2 sees only source 192.168.2.4'],
    ['fig5', 'hsm-510-3 sees only source 192.168.3.4'],
  ],
  'H-04': [['fig5', 'every request from client-506-1 to 10.0.0.100 tcp/1792 is answered from 10.0.0.100']],
  'H-06': [
    ['fig5', 'lb-508 reaches hsm-510-1 or hsm-510-2 or hsm-510-3 tcp/1792 although any one zone fails'],
    ['fig5', 'nothing from hsm-510-1 reaches hsm-510-2'],
  ],
  'K-06': [['fig1', 'every request from app to 10.0.0.201 tcp/1792 is answered from 10.0.0.201']],
  'K-08': [
    ['fig1', 'acme reaches hsm-112 only via acme/nat-322'],
    ['fig1', 'globex reaches hsm-113 only via globex/nat-322'],
  ],
  'K-16': [
    ['fig1', 'nothing from globex reaches hsm-112'],
    ['fig1', 'nothing from acme reaches hsm-113'],
  ],
  'K-19': [['fig3', 'acme reaches hsm-326 only via nat-322']],
};

const FIGURES = ['fig1', 'fig2', 'fig3', 'fig5'];

/** What the last lines of a file claim, with the rows that each names. */
function claimedIn(figure: string): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(`scenarios/${figure}.yaml`, 'utf8');
  const lines = text.slice(text.indexOf('\nprove:\n')).matchAll(/^ {2}- (.*?)(?: # (.*))?$/gm);
  return new Map(
    [...lines].map(([, claim = '', comment = '']) => [
      claim,
      [...comment.matchAll(/\[([A-Z]+-\d+)\]/g)].map(([, row = '']) => row),
    ]),
  );
}

function verdictsOf(figure: string): readonly (readonly [claim: string, verdict: string])[] {
  const { scenario } = loadScenario(readFileSync(`scenarios/${figure}.yaml`, 'utf8'), figure);
  const world = scenario === null ? null : prepareWorld(scenario, { kind: 'end' });
  if (scenario === null || world === null || !world.ok) throw new Error(`${figure} can be performed`);
  return decideClaims(groundOf(world.value), scenario.claims).map(({ text, verdict }) => [text, verdict]);
}

describe('what the figures claim of all packets', () => {
  it.for(FIGURES)('is proved: %s', (figure) => {
    const verdicts = verdictsOf(figure);
    expect(verdicts.length).toBeGreaterThan(5);
    expect(verdicts.filter(([, verdict]) => verdict !== 'proved')).toEqual([]);
  });

  it.for(Object.keys(SHOWN))('[%s] stands in the files, line by line', (row) => {
    const standing = FIGURES.flatMap((figure) =>
      [...claimedIn(figure)].flatMap(([claim, rows]) => (rows.includes(row) ? [[figure, claim]] : [])),
    );
    expect(standing.length).toBeGreaterThan(0);
    expect(standing).toEqual(SHOWN[row]);
  });
});
