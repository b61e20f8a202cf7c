import type { Draft, Rule } from './checks.ts';
import type { Complaint } from './diagnostics.ts';
import type { Breakable, DeviceKind, DeviceReference, Impair, Path, Step } from './scenario.ts';
import type { Fault } from './shape.ts';

/** Rules about what is said of links and distances and never comes to anything: no mistake, but surely not what was meant. */
export const idleLinkRules: readonly Rule[] = [
  linksSaySomething,
  linksAreThere,
  distancesAreUsed,
  misfortunesMeetSomething,
];

/** A device at one end of a link. */
export type End = Pick<DeviceReference, 'kind' | 'customer' | 'name' | 'id'>;

type Ends = readonly [End, End];
type Said = Pick<Complaint, 'message' | 'help'>;

function idle(where: Path, complaint: Said): Fault {
  return { code: 'scenario/idle-setting', where, complaint };
}

function linksSaySomething({ links }: Draft): readonly Fault[] {
  return links.flatMap(({ mtu, latency, where }) => {
    const message = 'nothing is said about this link, so it is like all others of its sort';
    return mtu === null && latency === null ? [idle(where, { message, help: 'mtu:, or latency:' })] : [];
  });
}

/** Their kinds fit, but these two are never joined: the provider puts what is there elsewhere. */
function linksAreThere(draft: Draft): readonly Fault[] {
  return draft.links.flatMap(({ ends, where }) => {
    const why = whyNotJoined(draft, ends) ?? whyNotJoined(draft, [ends[1], ends[0]]);
    return why === null ? [] : [idle([...where, 'between'], why)];
  });
}

/** Why a link from one to the other never comes into being, where the file alone says so; `null`: it may. */
export function whyNotJoined(draft: Draft, ends: Ends): Said | null {
  const [one, other] = ends;
  if (one.customer !== null && other.customer !== null && one.customer !== other.customer) {
    return { message: `${one.id} and ${other.id} belong to different customers`, help: null };
  }
  return JOINED[`${one.kind}--${other.kind}`]?.(draft, ends) ?? null;
}

type Asked = (draft: Draft, ends: Ends) => Said | null;

const JOINED: { readonly [Pair in `${DeviceKind}--${DeviceKind}`]?: Asked } = {
  'instance--server': hostedElsewhere,
  'tor-switch--hsm': behindItsComputer,
  'hsm-host--hsm': pluggedElsewhere,
  'nat-instance--hsm': neverAttached,
  'server--hsm-host': neverAttached,
  'vpn-gateway--site-gateway': notDirect,
};

/** A machine of a customer is on the server that it names, or on one of the zone of its subnet, until it moves. */
function hostedElsewhere({ customers, provider, steps }: Draft, [guest, host]: Ends): Said | null {
  const network = customers.find(({ name }) => name === guest.customer)?.network;
  const instance = network?.instances.find(({ name }) => name === guest.name);
  const zone = network?.subnets.find(({ name }) => name === instance?.subnet)?.zone;
  const server = provider.servers.find(({ name }) => name === host.name);
  if (instance === undefined || server === undefined) return null;
  const moves = steps.some(
    (step) => step?.kind === 'move' && step.instance.id === guest.id && step.server.id === host.id,
  );
  const fits = instance.server === null ? server.zone === zone : instance.server === server.name;
  if (moves || fits) return null;
  const there = provider.servers.filter((one) => one.zone === zone).map(({ name }) => name);
  const help = `it is on ${instance.server ?? there.join(' or ')}, unless it moves`;
  return { message: `${guest.name} is never on ${host.name}`, help };
}

/** A card hears its computer and no switch. */
function behindItsComputer({ provider: { hsms } }: Draft, [tor, module]: Ends): Said | null {
  const host = hsms.find(({ name }) => name === module.name)?.host ?? null;
  if (host === null) return null;
  const message = `${module.name} is a card in ${host}, which is what ${tor.name} is joined to`;
  return { message, help: `${tor.name}--${host}, or ${host}--${module.name}` };
}

function pluggedElsewhere({ provider: { hsms } }: Draft, [host, card]: Ends): Said | null {
  const placed = hsms.find(({ name }) => name === card.name);
  if (placed === undefined || placed.host === host.name) return null;
  const message =
    placed.host === null
      ? `${card.name} is an appliance of its own`
      : `${card.name} is a card in ${placed.host}, not in ${host.name}`;
  return { message, help: null };
}

function neverAttached({ steps }: Draft, [, module]: Ends): Said | null {
  const direct = steps.some((step) => step?.kind === 'request-hsm' && step.attachment === 'direct');
  if (direct) return null;
  return { message: `nobody asks for ${module.name} to be attached directly`, help: 'attachment: direct' };
}

function notDirect({ directory }: Draft, [gateway]: Ends): Said | null {
  const own = directory.channels.filter(({ customer }) => customer === gateway.customer);
  if (own.some(({ kind }) => kind === 'direct')) return null;
  const message = `the channel of ${gateway.customer} is no cable: it runs over the Internet`;
  return { message, help: `${gateway.id}--internet, or a channel of kind direct` };
}

/** In one zone nothing is between zones, and where each pair has its own distance the common one is nobody's. */
function distancesAreUsed({ provider: { distances, zones } }: Draft): readonly Fault[] {
  if (distances === null || distances.between === null) return [];
  const where = [...distances.where, 'between'];
  if (zones.length === 1) return [idle(where, { message: 'there is only one zone', help: null })];
  const pairs = distances.pairs.filter(({ zones: [one, other] }) => one !== other).length;
  if (pairs < (zones.length * (zones.length - 1)) / 2) return [];
  return [
    idle(where, { message: 'each pair of zones has a distance of its own', help: 'leave this one out' }),
  ];
}

/** What becomes worse and is changed again before anything can have met it. */
function misfortunesMeetSomething({ steps }: Draft): readonly Fault[] {
  return steps.flatMap((step, index) => {
    if (step?.kind !== 'impair') return [];
    const next = steps
      .slice(index + 1)
      .find((later) => later === null || isEventful(later) || undoes(later, step));
    if (next == null || !undoes(next, step)) return [];
    const again = next.kind === 'heal' ? 'healed' : 'impaired anew';
    const message = `this is ${again} in step ${steps.indexOf(next) + 1}, before anything is sent`;
    return [
      idle([...step.where, 'impair'], {
        message,
        help: 'send something in between, or leave one of them out',
      }),
    ];
  });
}

/** Whether packets may travel, or time pass, in a step. What the provider is asked for costs neither. */
function isEventful({ kind, at }: Step): boolean {
  if (at !== null) return true;
  return ['send', 'load', 'replicate', 'log', 'wait', 'panel'].includes(kind);
}

function undoes(later: Step, { what, direction }: Impair): boolean {
  if (later.kind !== 'heal' && later.kind !== 'impair') return false;
  if (nameOf(later.what) !== nameOf(what)) return false;
  return later.kind === 'heal' || JSON.stringify(later.direction) === JSON.stringify(direction);
}

/** What tells one thing that can break from another. */
function nameOf(what: Breakable): string {
  switch (what.kind) {
    case 'link':
      return what.ends
        .map(({ id }) => id)
        .sort()
        .join('--');
    case 'device':
      return `device ${what.device.id}`;
    case 'channel':
      return `channel ${what.customer}`;
    case 'zone':
    case 'power':
      return `${what.kind} ${what.name}`;
  }
}
