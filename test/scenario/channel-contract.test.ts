import { describe, expect, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { carriedLength, decodeFrame, encodeFrame, isIp, udpPacket } from '../../src/packet/index.ts';
import { asked } from '../support/built.ts';
import {
  arrivalsIn,
  type ChannelText,
  channelText,
  channelWorld,
  failuresOf,
  MECHANISMS_OF_CHANNELS,
  ranChannel,
  seenOnTheInternet,
} from '../support/channel-world.ts';

/* What every channel promises, whatever mechanism is behind it: one contract, and each mechanism is held to all of it. */

const CALL = { from: 'acme/client', to: 'acme/vm' } as const;
const SECRET = 'nobody on the way may read that';
const ENOUGH = { claims: ['acme/client reaches acme/vm tcp/443', 'acme/vm reaches acme/client tcp/443'] };

describe.each(MECHANISMS_OF_CHANNELS)('a channel of kind $kind', ({ kind, room, sealed, replayed }) => {
  it('[S-03] [S-08] joins the sites both ways, under the addresses that everybody has at home', () => {
    const tcp = { port: 443 };
    const there = [{ at: 'acme/vm', source: '172.16.0.18', target: '10.0.0.7' }];
    const back = [{ at: 'acme/client', source: '10.0.0.7', target: '172.16.0.18' }];
    const report = ranChannel(
      channelText(kind, [
        {
          send: { ...CALL, tcp, payload: SECRET },
          expect: { delivered: 'acme/vm', answer: SECRET, seen: there, reply: { path: 'reversed' } },
        },
        {
          send: { from: 'acme/vm', to: 'acme/client', tcp, payload: SECRET },
          expect: { delivered: 'acme/client', answer: SECRET, seen: back, reply: { path: 'reversed' } },
        },
      ]),
    );
    expect(failuresOf(report)).toEqual([]);
  });

  it('[S-01] [S-02] [S-03] [S-07] shows a tap on the Internet nothing of what is inside', () => {
    const world = channelWorld(kind);
    const { request } = asked(world, { ...CALL, carry: { kind: 'icmp-echo' } });
    const inside = request?.frame.body;
    if (inside === undefined || !isIp(inside)) throw new Error('it is sent');
    const secret = Buffer.from(
      encodeFrame({ ...present(request, 'it is there').frame, body: inside }).subarray(14 + 12),
    );
    const seen = seenOnTheInternet(world);
    expect(seen.length > 0).toBe(sealed);
    for (const frame of seen) {
      const bytes = Buffer.from(encodeFrame(frame));
      for (let at = 0; at + 8 <= secret.length; at += 1) {
        expect(bytes.includes(secret.subarray(at, at + 8))).toBe(false);
      }
    }
  });

  it('[S-03] [S-07] delivers nothing of a packet in which any byte was changed between the gateways', () => {
    const recorded = channelWorld(kind);
    asked(recorded, { ...CALL, carry: { kind: 'icmp-echo' } });
    const [arrival] = arrivalsIn(recorded).filter(({ frame }) => isIp(frame.body));
    const { place, frame } = present(arrival, 'it is there');
    const bytes = encodeFrame(frame);
    const start = bytes.length - carriedLength(frame);
    const world = channelWorld(kind);
    const ignored = () =>
      [...world.machines.values()].reduce((sum, { stack }) => sum + stack.dropped()['host.bad-checksum'], 0);
    for (let at = start; at < bytes.length; at += 1) {
      const [first, ignoredBefore] = [world.trace.count, ignored()];
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const read = decodeFrame(changed);
      // what is no frame any more, the gateway’s own codec refuses
      if (!read.ok) continue;
      world.engine.begin(place, read.value);
      world.engine.run();
      const journeys = world.trace.journeys().slice(first);
      const dropped = journeys.every(({ steps }) => steps.at(-1)?.outcome.reason !== null);
      expect(dropped || ignored() > ignoredBefore, `byte ${at} is noticed`).toBe(true);
      expect(journeys, `nobody answers byte ${at}`).toHaveLength(1);
    }
  });

  it('[S-03] [S-07] refuses what somebody on the Internet recorded and sends again', () => {
    const world = channelWorld(kind);
    asked(world, CALL);
    const recorded = arrivalsIn(world).filter(({ frame }) => sealed && isIp(frame.body));
    expect(recorded.length > 0).toBe(sealed);
    const before = world.trace.count;
    for (const { place, frame } of recorded) world.engine.begin(place, frame);
    world.engine.run();
    const again = world.trace.journeys().slice(before);
    expect(again).toHaveLength(recorded.length);
    for (const { steps } of again) expect(steps.at(-1)?.outcome.reason).toBe(replayed);
  });

  it('[N-04] [S-03] [S-12] keeps the sites apart once it is cut, takes nothing from either, and works again once it is healed', () => {
    const tcp = { port: 443 };
    const cut = { dropped: 'channel.down' } as const;
    const report = ranChannel(
      channelText(kind, [
        { fail: { channel: 'acme' } },
        { send: { ...CALL, tcp }, expect: { ...cut, at: 'acme/vgw-210' } },
        { send: { from: 'acme/vm', to: 'acme/client', tcp }, expect: { ...cut, at: 'acme/vgw-212' } },
        {
          send: { from: 'acme/client', to: 'acme/colleague', tcp, payload: 'at home' },
          expect: { answer: 'at home' },
        },
        {
          send: { from: 'globex/client', to: 'globex/vm', tcp, payload: 'another channel' },
          expect: { answer: 'another channel' },
        },
        { heal: { channel: 'acme' } },
        { send: { ...CALL, tcp, payload: 'back' }, expect: { answer: 'back' } },
      ]),
    );
    expect(failuresOf(report)).toEqual([]);
  });

  it('[S-03] costs what it costs: the largest packet that goes through fills the link, and one byte more is too long', () => {
    const udp = { port: 5000 };
    const report = ranChannel(
      channelText(kind, [
        { send: { ...CALL, udp, size: room }, expect: { delivered: 'acme/vm' } },
        ...(sealed
          ? [
              {
                send: { ...CALL, udp, size: room + 1 },
                expect: {
                  dropped: 'mtu.exceeded' as const,
                  at: 'acme/vgw-210',
                  seen: [{ at: 'acme/client', source: '172.16.0.1', protocol: 'icmp' as const }],
                },
              },
            ]
          : []),
      ]),
    );
    expect(failuresOf(report)).toEqual([]);
    expect(longestOf(kind, room)).toBe(1500);
  });

  it('[S-03] tells senders how much fits, also where a link of it carries less than others: nothing gets stuck', () => {
    const near = kind === 'direct' ? 'acme/vgw-210' : 'internet';
    const far = [near, 'acme/vgw-212'] as const;
    const payload = 'x'.repeat(6_000);
    const report = ranChannel(
      channelText(
        kind,
        [
          { send: { ...CALL, tcp: { port: 443 }, payload }, expect: { answer: payload } },
          { send: { ...CALL, udp: { port: 5000 }, size: 1500 }, expect: { delivered: 'acme/vm' } },
        ],
        [],
        [{ between: far, mtu: 1300 }],
      ),
    );
    expect(failuresOf(report)).toEqual([]);
  });

  it('[N-09] [S-03] [S-08] is something to prove: the sites reach each other, no other customer and nobody on the Internet reaches them', () => {
    const apart = ['nothing from globex reaches acme', 'nothing from eve reaches acme'];
    const joined = ranChannel(channelText(kind, [], [...ENOUGH.claims, ...apart]));
    expect(failuresOf(joined)).toEqual([]);
    const denied = ranChannel(channelText(kind, [], ['nothing from acme/client reaches acme/vm']));
    expect(failuresOf(denied)).toHaveLength(1);
  });
});

/** The longest packet between the gateways when one of `size` bytes goes through. */
function longestOf(kind: ChannelText, size: number): number {
  const world = channelWorld(kind);
  asked(world, { ...CALL, carry: { kind: 'icmp-echo' } });
  const [client, vm] = ['acme/client', 'acme/vm'].map((name) =>
    present(world.machines.get(name), 'it is there'),
  );
  const ends = { source: present(client, 'it is there').address, target: present(vm, 'it is there').address };
  const ports = { sourcePort: port(40_000), targetPort: port(5_000) };
  client?.inject(udpPacket({ ...ends, ...ports, payload: new Uint8Array(size - 28) }));
  world.engine.run();
  return Math.max(...arrivalsIn(world).map(({ frame }) => carriedLength(frame)));
}
