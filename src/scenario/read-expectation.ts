import { type Cidr, port } from '../address/index.ts';
import { channelId, zoneFailure } from '../model/index.ts';
import { parseDuration } from './duration.ts';
import { readBrokenChannel, readGroup } from './read-breakable.ts';
import { readBounds } from './read-load.ts';
import { readParty } from './read-party.ts';
import { deviceNamed, type Reading, sure } from './reading.ts';
import { parsePattern } from './reference-text.ts';
import type {
  AnswerExpectation,
  AnsweredBy,
  DeviceReference,
  Expectation,
  NoticeExpectation,
  Observer,
  Path,
  ReplyExpectation,
  Sighting,
  Waypoint,
} from './scenario.ts';
import type { ExpectationText, NoticeText, SightingText } from './scenario-text.ts';

/** What must be seen, with its names looked up as they are at that step. */
export function readExpectation(
  reading: Reading,
  text: ExpectationText,
  where: Path,
  step: number,
): Expectation {
  const device = (key: 'delivered' | 'at'): DeviceReference | null => {
    const name = text[key];
    return name === undefined ? null : deviceNamed(reading, name, [...where, key], step);
  };
  const sightings = (key: 'seen' | 'unseen'): readonly Sighting[] =>
    (text[key] ?? []).flatMap(
      (seen, index) => readSighting(reading, seen, [...where, key, index], step) ?? [],
    );
  return {
    ...reading.said(where),
    delivered: device('delivered'),
    path: text.path === undefined ? null : readPath(reading, text.path, [...where, 'path'], step),
    seen: sightings('seen'),
    unseen: sightings('unseen'),
    reply: readReply(reading, text.reply, [...where, 'reply'], step),
    answer: readAnswer(text.answer),
    answers: text.answers ?? null,
    answeredBy: readAnsweredBy(reading, text['answered-by'], [...where, 'answered-by'], step),
    outcome: text.outcome ?? null,
    within: text.within === undefined ? null : sure(parseDuration(text.within)),
    dropped: text.dropped ?? null,
    at: device('at'),
    refused: text.refused ?? null,
    noticed: readNoticed(reading, text.noticed, [...where, 'noticed'], step),
    unopened: readUnopened(reading, text.unopened, [...where, 'unopened'], step),
    load: readBounds(reading, text.load, [...where, 'load'], step),
    pass: text.pass ?? null,
    fail: text.fail ?? null,
  };
}

function readUnopened(
  reading: Reading,
  text: ExpectationText['unopened'],
  where: Path,
  step: number,
): Expectation['unopened'] {
  if (text === undefined) return null;
  const at = deviceNamed(reading, text.at, [...where, 'at'], step, HEARS_RECORDS);
  return at === null ? null : { at, because: text.because };
}

const HEARS_RECORDS = ['internet-host', 'instance'] as const;

function readNoticed(
  reading: Reading,
  text: ExpectationText['noticed'],
  where: Path,
  step: number,
): Expectation['noticed'] {
  if (text === undefined) return null;
  if (text === 'nothing') return [];
  return text.flatMap((notice, index) => {
    const about = readNoticeable(reading, notice, [...where, index], step);
    return about === null ? [] : [{ about, what: notice.as }];
  });
}

function readNoticeable(
  reading: Reading,
  { about = '', channel, zone }: NoticeText,
  where: Path,
  step: number,
): NoticeExpectation['about'] | null {
  if (zone !== undefined) {
    const known = readGroup(reading, 'zone', zone, reading.directory.zones, where);
    return known === null ? null : { id: zoneFailure(zone), name: zone };
  }
  if (channel === undefined) return deviceNamed(reading, about, [...where, 'about'], step, NOTICEABLE);
  const known = readBrokenChannel(reading, channel, [...where, 'channel'], step);
  return known === null ? null : { id: channelId(channel), name: `the channel of ${channel}` };
}

const NOTICEABLE = ['hsm', 'nat-instance', 'instance', 'tor-switch'] as const;

function readAnsweredBy(
  reading: Reading,
  text: ExpectationText['answered-by'],
  where: Path,
  step: number,
): AnsweredBy | null {
  if (text === undefined) return null;
  if (typeof text === 'string') {
    const device = deviceNamed(reading, text, where, step, WHO_ANSWERS);
    return device === null ? null : { kind: 'device', device };
  }
  const counts = Object.entries(text).flatMap(([name, count]) => {
    const device = deviceNamed(reading, name, [...where, name], step, WHO_ANSWERS);
    return device === null ? [] : [{ device, count }];
  });
  return { kind: 'counts', counts };
}

const WHO_ANSWERS = ['instance', 'hsm'] as const;

function readPath(
  reading: Reading,
  names: readonly string[],
  where: Path,
  step: number,
): readonly Waypoint[] {
  return names.flatMap((name, index): Waypoint | readonly Waypoint[] => {
    if (name === '...') return { kind: 'any' };
    const device = deviceNamed(reading, name, [...where, index], step);
    return device === null ? [] : { kind: 'device', device };
  });
}

function readSighting(reading: Reading, text: SightingText, where: Path, step: number): Sighting | null {
  const at = readObserver(reading, text.at, [...where, 'at'], step);
  if (at === null) return null;
  const sourcePort = text['source-port'];
  const targetPort = text['target-port'];
  return {
    ...reading.said(where),
    at,
    sourceBlock: blockOf(text.source),
    targetBlock: blockOf(text.target),
    ttl: text.ttl ?? null,
    sourcePort: sourcePort === undefined ? null : port(sourcePort),
    targetPort: targetPort === undefined ? null : port(targetPort),
    protocol: text.protocol ?? null,
  };
}

function readObserver(reading: Reading, text: string, where: Path, step: number): Observer | null {
  if (text === 'anywhere') return { kind: 'anywhere' };
  const party = readParty(reading, text, where, step);
  return party?.kind === 'customer' ? { kind: 'customer', customer: party.customer.name } : party;
}

function readReply(
  reading: Reading,
  text: ExpectationText['reply'],
  where: Path,
  step: number,
): ReplyExpectation | null {
  if (text === undefined) return null;
  if (text === 'none') return { kind: 'none' };
  const { path } = text;
  return {
    kind: 'some',
    sourceBlock: blockOf(text.source),
    targetBlock: blockOf(text.target),
    path:
      path === undefined
        ? null
        : path === 'reversed'
          ? path
          : readPath(reading, path, [...where, 'path'], step),
  };
}

function readAnswer(text: ExpectationText['answer']): AnswerExpectation | null {
  if (text === undefined) return null;
  if (typeof text === 'string') return { kind: 'text', text };
  return 'text' in text ? { kind: 'text', text: text.text } : { kind: 'valid-signature' };
}

function blockOf(text: string | undefined): Cidr | null {
  return text === undefined ? null : sure(parsePattern(text));
}
