import { parseCidr, parseIp, port } from '../address/index.ts';
import { parseDuration } from './duration.ts';
import { framedStimulus } from './framed-stimulus.ts';
import { fromAddress } from './misreading.ts';
import { readBreakable } from './read-breakable.ts';
import { readCareStep } from './read-care-steps.ts';
import { readReplicate } from './read-copies.ts';
import { readExpectation } from './read-expectation.ts';
import { readGuardStep } from './read-guard-steps.ts';
import { readLoad } from './read-load.ts';
import { readImpairment } from './read-misfortune.ts';
import { readNat } from './read-nat.ts';
import { readNetworkStep } from './read-network-steps.ts';
import { readTarget } from './read-target.ts';
import { deviceNamed, fault, type Reading, sure } from './reading.ts';
import { parseStretch } from './reference-text.ts';
import { requestNames } from './requested-entries.ts';
import type { Carry, FirewallRule, Path, RequestHsm, Step, Stimulus, Talk } from './scenario.ts';
import type { RequestHsmText, StepText, StimulusText } from './scenario-text.ts';
import { parseTraffic } from './traffic.ts';
import { quoted, suggest } from './wording.ts';

/** What all kinds of steps have. */
type Frame = Pick<Step, 'where' | 'source' | 'at' | 'name' | 'expect'>;

/** The steps in order; `null` stands for one that names what does not exist, of which there is a complaint then. */
export function readSteps(reading: Reading, steps: readonly StepText[]): readonly (Step | null)[] {
  const requests = new Map<string, number>();
  const read: (Step | null)[] = [];
  steps.forEach((text, index) => {
    const before = reading.faults.length;
    const request = text['request-hsm'];
    const count = (requests.get(request?.customer ?? '') ?? 0) + 1;
    const isMet = text.expect?.refused === undefined;
    if (request !== undefined && isMet) requests.set(request.customer, count);
    const step = readStep(reading, text, index, count);
    read[index] = reading.faults.length > before ? null : step;
  });
  return read;
}

function readStep(reading: Reading, text: StepText, index: number, count: number): Step | null {
  const where: Path = ['steps', index];
  const frame: Frame = {
    ...reading.said(where),
    at: text.at === undefined ? null : sure(parseDuration(text.at)),
    name: text.name ?? null,
    expect:
      text.expect === undefined ? null : readExpectation(reading, text.expect, [...where, 'expect'], index),
  };
  if (text['request-hsm'] !== undefined) {
    return readRequest(reading, frame, text['request-hsm'], [...where, 'request-hsm'], count);
  }
  const network = readNetworkStep(frame, text);
  if (network !== null) return network;
  const guard = readGuardStep(reading, frame, text, where, index);
  if (guard !== undefined) return guard;
  const care = readCareStep(reading, frame, text, where, index);
  if (care !== undefined) return care;
  if (text.send !== undefined) {
    const packets = readPackets(reading, text.send, [...where, 'send'], index);
    return { kind: 'send', ...frame, packets };
  }
  if (text.load !== undefined) return readLoad(reading, frame, text.load, [...where, 'load'], index);
  if (text.replicate !== undefined)
    return readReplicate(reading, frame, text.replicate, [...where, 'replicate'], index);
  if (text.move !== undefined) return readMove(reading, frame, text.move, [...where, 'move'], index);
  if (text.wait !== undefined) return { kind: 'wait', ...frame, duration: sure(parseDuration(text.wait)) };
  const kind = text.fail !== undefined ? 'fail' : text.heal !== undefined ? 'heal' : 'impair';
  const what = readBreakable(reading, text[kind] ?? {}, [...where, kind], index);
  if (text.impair !== undefined) return readImpairment(reading, frame, text.impair, what);
  return what === null || kind === 'impair' ? null : { kind, ...frame, what };
}

function readRequest(
  reading: Reading,
  frame: Frame,
  text: RequestHsmText,
  where: Path,
  count: number,
): Step | null {
  const customer = reading.customers.find(({ name }) => name === text.customer);
  if (customer === undefined) {
    // A customer with a mistake of its own is in the directory all the same.
    if (reading.directory.customers.includes(text.customer)) return null;
    return fault(reading, 'scenario/unknown-name', [...where, 'customer'], {
      message: `no customer is called ${quoted(text.customer)}`,
      help: suggest(text.customer, reading.directory.customers, 'customers'),
    });
  }
  if (text.hsm !== undefined) deviceNamed(reading, text.hsm, [...where, 'hsm'], -1, ['hsm']);
  return {
    kind: 'request-hsm',
    ...frame,
    customer: text.customer,
    subnet: text.subnet,
    address: sure(fromAddress(parseIp(text.address))),
    hsm: text.hsm ?? null,
    model: text.model ?? null,
    fips: text.fips ?? null,
    service: readService(reading, text, where),
    attachment: text.attachment ?? 'rack',
    alias: text['overlay-nat'] === undefined ? null : sure(fromAddress(parseIp(text['overlay-nat']))),
    sourceRewrite: text['source-rewrite'] !== 'off',
    ...readNat(reading, text.nat ?? {}, [...where, 'nat']),
    firewall: readFirewall(reading, text, where),
    names: requestNames(text.names, count),
  };
}

function readService(reading: Reading, text: RequestHsmText, where: Path): RequestHsm['service'] {
  if (text.service === undefined) return null;
  const { cidr, address } = text.service;
  return {
    ...reading.said([...where, 'service']),
    cidr: sure(fromAddress(parseCidr(cidr))),
    address: address === undefined ? null : sure(fromAddress(parseIp(address))),
  };
}

function readFirewall(reading: Reading, text: RequestHsmText, where: Path): readonly FirewallRule[] | null {
  if (text.firewall === undefined) return null;
  return text.firewall.map((rule, index) => ({
    ...reading.said([...where, 'firewall', index]),
    allow: sure(parseTraffic(rule.allow)),
    from: sure(fromAddress(parseCidr(rule.from))),
  }));
}

function readPackets(
  reading: Reading,
  send: StimulusText | readonly StimulusText[],
  where: Path,
  step: number,
): readonly Stimulus[] {
  const texts: readonly (readonly [StimulusText, Path])[] = isList(send)
    ? send.map((text, index) => [text, [...where, index]] as const)
    : [[send, where]];
  return texts.flatMap(([text, place]) => readStimulus(reading, text, place, step) ?? []);
}

function isList(send: StimulusText | readonly StimulusText[]): send is readonly StimulusText[] {
  return Array.isArray(send);
}

function readStimulus(reading: Reading, text: StimulusText, where: Path, step: number): Stimulus | null {
  const from = deviceNamed(reading, text.from, [...where, 'from'], step, [
    'instance',
    'hsm',
    'internet-host',
    'site-machine',
    ...(reading.directory.lookedAfter ? (['nat-instance'] as const) : []),
  ]);
  if (text.frame !== undefined)
    return from === null ? null : { ...reading.said(where), ...framedStimulus(from, text.frame) };
  const balance = text.balance?.map((address) => sure(fromAddress(parseIp(address)))) ?? null;
  const [first] = balance ?? [];
  const to =
    first === undefined
      ? readTarget(reading, text.to ?? '', [...where, 'to'], step)
      : { address: first, named: null };
  if (from === null || to === null) return null;
  if (text.rped !== undefined && from.kind !== 'hsm' && !isOnPremises(reading, from.id, ['rped', 'hsm'])) {
    return fault(reading, 'scenario/wrong-kind', [...where, 'from'], {
      message: `${quoted(text.from)} is no PIN entry device, and no PIN is entered there`,
      help: 'PIN entry devices stand under premises: rpeds:; a security module may call one',
    });
  }
  return {
    ...reading.said(where),
    from,
    to,
    balance,
    carry: carryOf(text),
    ttl: text.ttl ?? null,
    forgedSource: text.source === undefined ? null : sure(fromAddress(parseIp(text.source))),
    keepsOpen: text['keep-open'] ?? false,
    payload: text.payload ?? null,
    timeout: text.timeout === undefined ? null : sure(parseDuration(text.timeout)),
    size: text.size ?? null,
    dontFragment: text.df ?? null,
    fragments: text.fragments?.map((piece) => sure(parseStretch(piece))) ?? null,
    talk: talkOf(text),
  };
}

function isOnPremises({ customers }: Reading, id: string, kinds: readonly string[]): boolean {
  const machines = customers.flatMap(({ premises }) => premises?.machines ?? []);
  return machines.some(({ kind, customer, name }) => kinds.includes(kind) && `${customer}/${name}` === id);
}

function talkOf(text: StimulusText): Talk | null {
  const kind = (['console', 'pkcs11', 'rped', 'store', 'objects'] as const).find(
    (name) => text[name] !== undefined,
  );
  return kind === undefined ? null : { kind, lines: text[kind] ?? [], as: text.as ?? null };
}

function carryOf({ tcp, udp }: StimulusText): Carry {
  const ports = tcp ?? udp;
  if (ports === undefined) return { kind: 'icmp-echo' };
  const sourcePort = ports['source-port'] === undefined ? null : port(ports['source-port']);
  return { kind: tcp === undefined ? 'udp' : 'tcp', port: port(ports.port), sourcePort };
}

function readMove(
  reading: Reading,
  frame: Frame,
  { instance: moved, to }: NonNullable<StepText['move']>,
  where: Path,
  step: number,
): Step | null {
  const instance = deviceNamed(reading, moved, [...where, 'instance'], step, ['instance']);
  const server = deviceNamed(reading, to, [...where, 'to'], step, ['server']);
  return instance === null || server === null ? null : { kind: 'move', ...frame, instance, server };
}
