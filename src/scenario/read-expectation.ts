import { type Cidr, port } from '../address/index.ts';
import type { Claim, Party } from './claims.ts';
import { parseClaim } from './claims.ts';
import { AT_THE_END } from './directory.ts';
import { parseDuration } from './duration.ts';
import { deviceNamed, fault, type Reading, sure } from './reading.ts';
import { parsePattern } from './reference-text.ts';
import type {
  AnswerExpectation,
  AnsweredBy,
  DeviceReference,
  Expectation,
  Observer,
  Path,
  ReplyExpectation,
  Sighting,
  StatedClaim,
  Waypoint,
} from './scenario.ts';
import type { ExpectationText, SightingText } from './scenario-text.ts';
import { nearest, quoted } from './wording.ts';

const MACHINES = ['instance', 'hsm', 'internet-host', 'site-machine'] as const;

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
    answeredBy: readAnsweredBy(reading, text['answered-by'], [...where, 'answered-by'], step),
    outcome: text.outcome ?? null,
    within: text.within === undefined ? null : sure(parseDuration(text.within)),
    dropped: text.dropped ?? null,
    at: device('at'),
    refused: text.refused ?? null,
    noticed: readNoticed(reading, text.noticed, [...where, 'noticed'], step),
    pass: text.pass ?? null,
    fail: text.fail ?? null,
  };
}

function readNoticed(
  reading: Reading,
  text: ExpectationText['noticed'],
  where: Path,
  step: number,
): Expectation['noticed'] {
  if (text === undefined) return null;
  if (text === 'nothing') return [];
  return text.flatMap(({ about, as: what }, index) => {
    const device = deviceNamed(reading, about, [...where, index, 'about'], step, NOTICEABLE);
    return device === null ? [] : [{ about: device, what }];
  });
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

/** A device or a customer; when there is both, a complaint. */
function readParty(reading: Reading, text: string, where: Path, step: number): Party | null {
  if (!reading.directory.customers.includes(text)) {
    if (!text.includes('/') && isUnknown(reading, text, step)) return noParty(reading, text, where);
    const device = deviceNamed(reading, text, where, step);
    return device === null ? null : { kind: 'device', device };
  }
  const device = reading.directory.find(text, step);
  if (!device.ok) {
    const customer = reading.customers.find(({ name }) => name === text);
    return customer === undefined ? null : { kind: 'customer', customer };
  }
  return fault(reading, 'scenario/ambiguous-name', where, {
    message: `${quoted(text)} is a customer and also a device`,
    help:
      device.value.customer === null
        ? 'give one of them another name'
        : `for the device write ${device.value.id}`,
  });
}

function isUnknown(reading: Reading, text: string, step: number): boolean {
  const found = reading.directory.find(text, step);
  return !found.ok && found.fault.code === 'scenario/unknown-name';
}

function noParty(reading: Reading, text: string, where: Path): null {
  const { customers, entries } = reading.directory;
  const guess = nearest(text, [...customers, ...entries.map(({ name }) => name)]);
  return fault(reading, 'scenario/unknown-name', where, {
    message: `no device or customer is called ${quoted(text)}`,
    help: guess === null ? null : `did you mean ${quoted(guess)}?`,
  });
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

/** Claims hold after the last step, so they may name whatever exists then. */
export function readClaims(reading: Reading, texts: readonly string[]): readonly StatedClaim[] {
  const claims: StatedClaim[] = [];
  texts.forEach((text, index) => {
    const where: Path = ['prove', index];
    const claim = readClaim(reading, text, where);
    if (claim !== null) claims.push({ ...reading.said(where), text, claim });
  });
  return claims;
}

function readClaim(reading: Reading, text: string, where: Path): Claim | null {
  const stated = sure(parseClaim(text));
  switch (stated.kind) {
    case 'isolated': {
      const from = readParty(reading, stated.from, where, AT_THE_END);
      const to = readParty(reading, stated.to, where, AT_THE_END);
      return from === null || to === null ? null : { kind: 'isolated', from, to };
    }
    case 'sees-only': {
      const device = deviceNamed(reading, stated.device, where, AT_THE_END, MACHINES);
      return device === null ? null : { kind: 'sees-only', device, sources: stated.sources };
    }
    case 'reaches': {
      const from = deviceNamed(reading, stated.from, where, AT_THE_END, MACHINES);
      const to = deviceNamed(reading, stated.to, where, AT_THE_END, MACHINES);
      if (from === null || to === null) return null;
      const [sender, target]: readonly [Party, Party] = [
        { kind: 'device', device: from },
        { kind: 'device', device: to },
      ];
      return { kind: 'reaches', from: sender, to: target, traffic: stated.traffic };
    }
  }
}
