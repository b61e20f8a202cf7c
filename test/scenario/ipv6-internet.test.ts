import { describe, expect, it } from 'vitest';
import { formatIp, ipv6, parseIp } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { notPublic } from '../../src/model/index.ts';
import { explainStep } from '../../src/report/index.ts';
import { carryOf, type Question, type World } from '../../src/scenario/index.ts';
import { asked, built } from '../support/built.ts';

/* The Internet in IPv6: gateways that translate nothing, and channels across it. */

/** What each stage at a device said of the request. */
function saidAt(world: World, device: string, question: Question): readonly string[] {
  const { request } = asked(world, question);
  return present(request, 'it was sent').steps.flatMap((step) =>
    world.engine.program.devices[step.place.device]?.name === device
      ? [`${step.stage.kind}: ${explainStep(step).because}`]
      : [],
  );
}

const calling = (from: string, to: string, port: number): Question => ({
  from,
  to,
  carry: carryOf('tcp', port),
  ttl: null,
  source: null,
});

describe('a gateway in IPv6', () => {
  it('[N-18] [N-23] says that it leaves the address alone', () => {
    const words = saidAt(built('ipv6-internet'), 'igw-1', calling('web-1', '2001:db8:80::80', 443));
    expect(words).toContain('one-to-one: 2001:db8:302:1::7 is the same on both sides');
  });

  it('[N-18] [N-23] that lets nobody begin says so, and lets out whoever asks', () => {
    const world = built('ipv6-internet');
    expect(saidAt(world, 'eigw-1', calling('worker-1', '2001:db8:80::80', 443))).toContain(
      'filter: eigw-1 lets everybody out',
    );
    expect(saidAt(world, 'eigw-1', calling('visitor', '2001:db8:302:2::7', 80))).toContain(
      'filter: eigw-1 lets in only what was asked for, and nobody asked for tcp/80 from 2001:db8:99::99',
    );
  });

  it('[N-22] takes the way with it when it goes, and gives it back', () => {
    const detached = built('ipv6-internet', (text) =>
      text.replace('steps:\n', 'steps:\n  - detach-gateway: { customer: acme, gateway: eigw-1 }\n'),
    );
    // the steps that nobody is to see run end with the first packet
    const { request } = asked(detached, calling('worker-1', '2001:db8:80::80', 443));
    expect(present(request, 'it was sent').steps.at(-1)?.outcome.reason).toBe('route.blackhole');
  });
});

describe('a channel across the Internet in IPv6', () => {
  it.each(['ipsec', 'wireguard'])(
    '[N-18] [S-01] [S-03] of kind %s carries IPv4 and shows none of it',
    (kind) => {
      const world = built('ipv6-internet', (text) =>
        text.replace('channel: { kind: ipsec }', `channel: { kind: ${kind} }`),
      );
      const { request, reply } = asked(world, calling('client-218', '10.0.0.7', 443));
      for (const journey of [request, reply]) {
        const { steps } = present(journey, 'it was sent');
        const outside = steps.filter(
          ({ place }) => world.engine.program.devices[place.device]?.name === 'internet',
        );
        expect(outside.length).toBeGreaterThan(0);
        for (const { before } of outside) {
          const packet = before.body;
          if (packet.kind !== 'ipv6') throw new Error('it is IPv6 outside');
          expect([packet.source, packet.target].map(formatIp).sort()).toEqual([
            '2001:db8:203:113::1',
            '2001:db8:210::1',
          ]);
        }
        expect(steps.at(-1)?.outcome.verdict).toBe('deliver');
      }
    },
  );
});

describe('an address of IPv6', () => {
  it.each([
    ['2001:db8:80::80', null],
    ['2606:4700::1', null],
    ['fd00:302::7', 'it is unique local (RFC 4193)'],
    ['fe80::1', 'it is link-local (RFC 4291)'],
    ['ff02::1', 'it is multicast'],
    ['::ffff:102:304', 'it is for loopback and for addresses of IPv4 (RFC 4291)'],
    ['3fff::1', 'the Internet’s own routers have 3fff::/20'],
  ])('[N-18] %s: on the Internet it is %s', (text, why) => {
    const parsed = parseIp(text);
    expect(notPublic(parsed.ok ? parsed.value : ipv6(0n))).toBe(why);
  });
});
