import { isIpv6 } from '../address/index.ts';
import { LEAST_MTU, racksOf, standsIn, WRAPPING_COST } from '../model/index.ts';
import type { Draft, Rule } from './checks.ts';
import { type End, whyNotJoined } from './idle-link-rules.ts';
import { linksThere } from './links-there.ts';
import type { DeviceKind, DeviceReference, Path } from './scenario.ts';
import type { Fault } from './shape.ts';

/** Rules about cables: those that are named exist, and each is spoken of once. */
export const linkRules: readonly Rule[] = [brokenLinksExist, linksExist, linksAreDifferent, linksCarryIpv6];

type Ends = readonly [DeviceReference, DeviceReference];

function brokenLinksExist(draft: Draft): readonly Fault[] {
  return draft.steps.flatMap((step, index): readonly Fault[] => {
    if (step?.kind !== 'fail' && step?.kind !== 'heal' && step?.kind !== 'impair') return [];
    return step.what.kind === 'link'
      ? missing(draft, step.what.ends, [...step.where, step.kind, 'link'], index)
      : [];
  });
}

function linksExist(draft: Draft): readonly Fault[] {
  return draft.links.flatMap(({ ends, where }) =>
    missing(draft, ends, [...where, 'between'], Number.MAX_SAFE_INTEGER),
  );
}

function linksAreDifferent({ links }: Draft): readonly Fault[] {
  const seen = new Set<string>();
  return links.flatMap(({ ends, where }): readonly Fault[] => {
    const ids = ends.map(({ id }) => id);
    const key = [...ids].sort().join('--');
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      {
        code: 'scenario/duplicate-link',
        where: [...where, 'between'],
        complaint: {
          message: `the link of ${ids.join(' and ')} stands here a second time`,
          help: 'say everything about it in one entry',
        },
      },
    ];
  });
}

/** Nothing below IPv6 cuts here: neither tunnel ends nor switches, as RFC 8200 section 5 would want it of a narrow link. */
function linksCarryIpv6(draft: Draft): readonly Fault[] {
  const cost = WRAPPING_COST[draft.provider.underlay];
  return draft.links.flatMap(({ ends, mtu, where }): readonly Fault[] => {
    const wrapped = ends.some(({ kind }) => kind === 'fabric');
    const room = mtu === null ? LEAST_MTU[6] : mtu - (wrapped ? cost : 0);
    if (room >= LEAST_MTU[6] || !mayCarryIpv6(draft, ends)) return [];
    const inside = wrapped ? `leaves ${room} inside the wrapper` : `is ${room}`;
    const message = `the MTU ${inside}, and every link of IPv6 carries ${LEAST_MTU[6]}`;
    const help = `at least ${LEAST_MTU[6] + (wrapped ? cost : 0)} here`;
    return [{ code: 'scenario/narrow-link', where: [...where, 'mtu'], complaint: { message, help } }];
  });
}

/** Whether somebody with an IPv6 address may send over a link: its customer, its module, or anybody of them all. */
function mayCarryIpv6({ customers, provider }: Draft, ends: Ends): boolean {
  const whose = customers.filter(({ name }) => ends.some(({ customer }) => customer === name));
  if (whose.length > 0) return whose.some(({ network }) => isIpv6(network.cidr.address));
  const module = provider.hsms.find(({ name }) => ends.some(({ id }) => id === name));
  if (module !== undefined) return isIpv6(module.address);
  const isRack = ends.some(({ kind }) => kind === 'dx-router');
  if (isRack) return provider.hsms.some(({ address }) => isIpv6(address));
  return (
    ends.some(({ kind }) => kind === 'fabric') &&
    customers.some(({ network }) => isIpv6(network.cidr.address))
  );
}

/** A complaint where no cable runs between two devices; neighbours are those that are there at step `since`. */
function missing(draft: Draft, ends: Ends, where: Path, since: number): readonly Fault[] {
  const [one, other] = ends;
  if (areJoined(draft, one, other)) return [];
  const message = `no link joins ${one.id} and ${other.id}`;
  const help = linksThere(`${one.name}--${other.name}`, linksOf(draft, ends, since));
  return [{ code: 'scenario/unknown-link', where, complaint: { message, help } }];
}

/** The links at either end that are there for certain, with names by which a step may call them. */
function linksOf(draft: Draft, ends: Ends, since: number): readonly string[] {
  const { directory } = draft;
  const present = directory.entries.filter(
    (entry) => entry.since <= since && since <= (entry.until ?? Number.MAX_SAFE_INTEGER),
  );
  // the way between overlay device and DX router is laid with the first request
  const isRequested = present.some(({ kind }) => kind === 'nat-instance');
  const isLaid = (far: End, end: End) =>
    isRequested || ![far, end].every(({ kind }) => kind === 'overlay-device' || kind === 'dx-router');
  const nameOf = ({ name, id }: End) => (directory.find(name, since).ok ? name : id);
  return ends.flatMap((end) =>
    present.flatMap((far) =>
      isLaid(far, end) && isCertain(draft, end, far) ? [`${nameOf(end)}--${nameOf(far)}`] : [],
    ),
  );
}

/** Whether the file alone says that a link joins the two: where the provider chooses a server, nobody knows which before the run. */
function isCertain(draft: Draft, one: End, other: End): boolean {
  const pairs = [
    [one, other],
    [other, one],
  ] as const;
  if (one.id === other.id || !areJoined(draft, one, other)) return false;
  if (pairs.some((pair) => whyNotJoined(draft, pair) !== null)) return false;
  return pairs.every(([guest, host]) => host.kind !== 'server' || isPlaced(draft, guest));
}

/** Whether there is only one server that somebody can be on. */
function isPlaced({ customers, provider: { servers } }: Draft, guest: End): boolean {
  if (guest.kind === 'nat-instance') return servers.length === 1;
  const network = customers.find(({ name }) => name === guest.customer)?.network;
  const instance = network?.instances.find(({ name }) => name === guest.name);
  const zone = network?.subnets.find(({ name }) => name === instance?.subnet)?.zone;
  return (
    instance == null || instance.server !== null || servers.filter((one) => one.zone === zone).length === 1
  );
}

function areJoined(draft: Draft, one: End, other: End): boolean {
  const pairs = [
    [one, other],
    [other, one],
  ] as const;
  return pairs.some(([near, far]) => {
    return LINKS.some(([a, b]) => a === near.kind && b === far.kind) && areOfOneRack(draft, near, far);
  });
}

/** A switch is joined to the DX router of its own rack and to the modules in that rack; of other pairs nothing is known here. */
function areOfOneRack({ provider }: Draft, near: End, far: End): boolean {
  const racks = racksOf(provider.hsms);
  if (far.kind === 'tor-switch') return racks.some(({ tor, dx }) => tor === far.id && dx === near.id);
  const rack = racks.find(({ tor }) => tor === near.id);
  const module = provider.hsms.find(({ name, host }) => (host ?? name) === far.id);
  return rack === undefined || module === undefined || standsIn(rack, module);
}

/** Kinds of devices between which cables run: FIG. 2 and 3, with the provider's fabric between servers. */
const LINKS: readonly (readonly [DeviceKind, DeviceKind])[] = [
  ['instance', 'server'],
  ['nat-instance', 'server'],
  ['server', 'fabric'],
  ['overlay-device', 'fabric'],
  ['overlay-device', 'dx-router'],
  ['dx-router', 'tor-switch'],
  ['tor-switch', 'hsm'],
  ['tor-switch', 'hsm-host'],
  ['server', 'hsm-host'],
  ['hsm-host', 'hsm'],
  ['nat-instance', 'hsm'],
  ['internet-gateway', 'fabric'],
  ['internet-gateway', 'internet'],
  ['internet', 'internet-host'],
  ['vpn-gateway', 'fabric'],
  ['vpn-gateway', 'internet'],
  ['vpn-gateway', 'site-gateway'],
  ['site-gateway', 'internet'],
  ['site-gateway', 'lan-switch'],
  ['site-machine', 'lan-switch'],
];
