import { type Model, racksOf } from '../model/index.ts';

/** Somebody who gives signs of life, and through whom management hears of them. */
export interface Watched {
  readonly id: string;
  readonly kind: 'hsm' | 'nat-instance' | 'bastion';
  /** id of the bastion that passes them on; a bastion's own go to management directly */
  readonly bastion: string;
}

/** Everybody whom management should hear from, in the order of the model. */
export function watchedIn(model: Model): readonly Watched[] {
  return Object.values(model.bastions).flatMap(({ id: bastion, network }): readonly Watched[] => {
    const modules = Object.values(model.hsms).filter(({ assignedTo }) => assignedTo === network);
    const nats = Object.values(model.natInstances).filter(
      (nat) => nat.network === network && nat.own !== null,
    );
    return [
      { id: bastion, kind: 'bastion', bastion },
      ...modules.map(({ name: id }): Watched => ({ id, kind: 'hsm', bastion })),
      ...nats.map(({ id }): Watched => ({ id, kind: 'nat-instance', bastion })),
    ];
  });
}

/**
 * What is wrong, as far as silence tells (B-07): the ids of those who have failed as management sees it.
 *
 * Of a service network whose bastion is silent nothing else is known: the failure is the bastion's, or its gateway's. Where
 * all modules of a rack are silent, and there is more than one, it is the switch of that rack.
 */
export function diagnose(
  model: Model,
  watched: readonly Watched[],
  isSilent: (id: string) => boolean,
): ReadonlySet<string> {
  const failed = new Set<string>();
  const audible = watched.filter(({ bastion }) => !isSilent(bastion));
  for (const { id, kind } of watched) if (kind === 'bastion' && isSilent(id)) failed.add(id);
  for (const { id, kind } of audible) if (kind === 'nat-instance' && isSilent(id)) failed.add(id);
  const modules = Object.values(model.hsms);
  for (const { tor, zone } of racksOf(modules)) {
    const here = audible.filter(({ id, kind }) => kind === 'hsm' && model.hsms[id]?.zone === zone);
    const silent = here.filter(({ id }) => isSilent(id));
    if (here.length > 1 && silent.length === here.length) failed.add(tor);
    else for (const { id } of silent) failed.add(id);
  }
  return failed;
}
