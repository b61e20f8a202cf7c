import {
  type Channel,
  channelId,
  displayNames,
  type Model,
  racksOf,
  standsIn,
  zoneFailure,
} from '../model/index.ts';

/** Somebody who gives signs of life, and through whom management hears of them. */
export interface Watched {
  readonly id: string;
  readonly kind: 'hsm' | 'nat-instance' | 'bastion' | 'channel';
  /** id of the bastion that passes them on; what a bastion or a channel has to tell goes to management directly */
  readonly bastion: string;
  /** `null` for a device */
  readonly channel: Channel | null;
}

/** Everybody whom management should hear from, in the order of the model. */
export function watchedIn(model: Model): readonly Watched[] {
  const channels = Object.values(model.channels).flatMap((channel): readonly Watched[] => {
    const id = channelId(channel.customer);
    return channel.kind.kind === 'direct' ? [] : [{ id, kind: 'channel', bastion: id, channel }];
  });
  const devices = Object.values(model.bastions).flatMap(({ id: bastion, network }): readonly Watched[] => {
    const modules = Object.values(model.hsms).filter(({ assignedTo }) => assignedTo === network);
    const nats = Object.values(model.natInstances).filter(
      (nat) => nat.network === network && nat.own !== null,
    );
    return [
      { id: bastion, kind: 'bastion', bastion, channel: null },
      ...modules.map(({ name: id }): Watched => ({ id, kind: 'hsm', bastion, channel: null })),
      ...nats.map(({ id }): Watched => ({ id, kind: 'nat-instance', bastion, channel: null })),
    ];
  });
  return [...devices, ...channels];
}

/** The bastions that stand in a zone. */
export function bastionsOf(model: Model, zone: string): readonly string[] {
  return Object.keys(model.bastions).filter((id) => {
    const server = model.servers[model.instances[id]?.server ?? ''];
    return server?.zone === zone;
  });
}

/**
 * What is wrong, as far as silence tells (B-07): the ids of those who have failed as management sees it.
 *
 * Of a service network whose bastion is silent nothing else is known: the failure is the bastion's, or its gateway's. Where
 * all modules of a rack are silent, and there is more than one, it is the switch of that rack. Where all bastions of a zone
 * are silent, there is more than one, and somebody elsewhere is heard, it is the zone.
 */
export function diagnose(
  model: Model,
  watched: readonly Watched[],
  isSilent: (id: string) => boolean,
): ReadonlySet<string> {
  const failed = new Set<string>();
  const audible = watched.filter(({ bastion }) => !isSilent(bastion));
  for (const id of darkness(model, watched, isSilent)) failed.add(id);
  for (const { id, kind } of watched) if (kind === 'channel' && isSilent(id)) failed.add(id);
  for (const { id, kind } of audible) if (kind === 'nat-instance' && isSilent(id)) failed.add(id);
  const modules = Object.values(model.hsms);
  for (const rack of racksOf(modules)) {
    const here = audible.filter(({ id, kind }) => {
      const module = model.hsms[id];
      return kind === 'hsm' && module !== undefined && standsIn(rack, module);
    });
    const silent = here.filter(({ id }) => isSilent(id));
    if (here.length > 1 && silent.length === here.length) failed.add(rack.tor);
    else for (const { id } of silent) failed.add(id);
  }
  return failed;
}

/** Silent bastions, or the zone that they stand in. */
function darkness(
  model: Model,
  watched: readonly Watched[],
  isSilent: (id: string) => boolean,
): readonly string[] {
  const somebodyIsHeard = watched.some(({ id, bastion }) => id === bastion && !isSilent(id));
  return Object.keys(model.zones).flatMap((zone) => {
    const here = bastionsOf(model, zone);
    const isDark = somebodyIsHeard && here.length > 1 && here.every(isSilent);
    return isDark ? [zoneFailure(zone)] : here.filter(isSilent);
  });
}

/** What people call a device, a channel or a zone that management speaks of. */
export function nameOfWatched(model: Model, id: string): string {
  const zone = Object.keys(model.zones).find((one) => zoneFailure(one) === id);
  const channel = Object.keys(model.channels).find((customer) => channelId(customer) === id);
  if (channel !== undefined) return `the channel of ${channel}`;
  return zone ?? displayNames(model).get(id) ?? id;
}
