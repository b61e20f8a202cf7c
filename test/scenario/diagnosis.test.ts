import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelId, type Model, zoneFailure } from '../../src/model/index.ts';
import { diagnose, type Watched, watchedIn } from '../../src/scenario/diagnosis.ts';
import { built } from '../support/built.ts';

/* What management makes of silence, against the same said once more in the simplest words. */

/** Two zones: two HSMs in one, one in the other, each with a service network, and two channels over the Internet. */
const MODEL: Model = built('channels-watched', (text) =>
  text
    .slice(0, text.indexOf('  - name: everybody is heard'))
    .replace('    hsm-2:', '    hsm-3: { zone: zone-1, address: 10.10.2.3, endpoint: echo }\n    hsm-2:')
    .replace(
      'steps:\n',
      'steps:\n  - request-hsm: { customer: acme, subnet: main, address: 10.0.0.203, hsm: hsm-3 }\n',
    )
    .replaceAll('address: 10.0.0.201 }', 'address: 10.0.0.201, hsm: hsm-1 }')
    .replaceAll('address: 10.0.0.202 }', 'address: 10.0.0.202, hsm: hsm-2 }'),
).model;
const WATCHED = watchedIn(MODEL);

type Diagnose = typeof diagnose;

/** Of whom the bastion is heard, in the service network of which module. */
const NETWORKS = Object.values(MODEL.bastions).map(({ id, network }) => ({
  bastion: id,
  module: Object.values(MODEL.hsms).find(({ assignedTo }) => assignedTo === network)?.name ?? '',
  nat: Object.values(MODEL.natInstances).find((nat) => nat.network === network)?.id ?? '',
}));

function zoneOf(module: string): string {
  return MODEL.hsms[module]?.zone ?? '';
}

/** Who has failed, as far as silence tells. */
function told(silent: ReadonlySet<string>): ReadonlySet<string> {
  const channels = ['acme', 'globex'].map(channelId);
  const dark = NETWORKS.filter(({ bastion }) => silent.has(bastion));
  const somebody = dark.length < NETWORKS.length || channels.some((id) => !silent.has(id));
  return new Set([
    ...channels.filter((id) => silent.has(id)),
    ...Object.keys(MODEL.zones).flatMap((zone) => toldOfZone(zone, silent, somebody)),
  ]);
}

/** @param somebody whether anybody at all is heard */
function toldOfZone(zone: string, silent: ReadonlySet<string>, somebody: boolean): readonly string[] {
  const here = NETWORKS.filter(({ module }) => zoneOf(module) === zone);
  const dark = here.filter(({ bastion }) => silent.has(bastion)).map(({ bastion }) => bastion);
  const audible = here.filter(({ bastion }) => !silent.has(bastion));
  const mute = audible.filter(({ module }) => silent.has(module)).map(({ module }) => module);
  const isZone = somebody && here.length > 1 && audible.length === 0;
  const isSwitch = audible.length > 1 && mute.length === audible.length;
  return [
    ...(isZone ? [zoneFailure(zone)] : dark),
    ...(isSwitch ? [TOR_OF.get(zone) ?? ''] : mute),
    ...audible.flatMap(({ nat }) => (silent.has(nat) ? [nat] : [])),
  ];
}

/** The switch of the rack in each zone, as a diagnosis of silence behind it names it. */
const TOR_OF: ReadonlyMap<string, string> = new Map(
  Object.keys(MODEL.zones).map((zone) => {
    const modules = NETWORKS.filter(({ module }) => zoneOf(module) === zone).map(({ module }) => module);
    const [found] = [...diagnose(MODEL, WATCHED, (id) => modules.includes(id))];
    return [zone, found ?? ''];
  }),
);

const anySilence = fc.subarray(WATCHED.map(({ id }) => id)).map((ids): ReadonlySet<string> => new Set(ids));

function agrees(by: Diagnose, silent: ReadonlySet<string>): boolean {
  const got = [...by(MODEL, WATCHED, (id) => silent.has(id))].sort();
  return got.join() === [...told(silent)].sort().join();
}

const except =
  (keep: (watched: Watched) => boolean): Diagnose =>
  (model, watched, isSilent) =>
    diagnose(model, watched.filter(keep), isSilent);

/** What somebody could have got wrong about silence. */
const FAULTS: Readonly<Record<string, Diagnose>> = {
  'channels are not looked at': except(({ kind }) => kind !== 'channel'),
  'NAT instances are not looked at': except(({ kind }) => kind !== 'nat-instance'),
  'a silent bastion is no reason to doubt what is said of those behind it': (model, watched, isSilent) =>
    diagnose(
      model,
      watched.map((one) =>
        one.kind === 'bastion' ? one : { ...one, bastion: one.id === one.bastion ? one.id : ANY },
      ),
      isSilent,
    ),
  'a zone is blamed for one bastion': (model, watched, isSilent) => {
    const found = [...diagnose(model, watched, isSilent)];
    const zones = found.map((id) => {
      const zone = model.servers[model.instances[id]?.server ?? '']?.zone;
      return model.bastions[id] === undefined || zone === undefined ? id : zoneFailure(zone);
    });
    return new Set(zones);
  },
  'a zone is never blamed': (model, watched, isSilent) => {
    const found = [...diagnose(model, watched, isSilent)];
    return new Set(found.filter((id) => !Object.keys(model.zones).some((zone) => zoneFailure(zone) === id)));
  },
  'zones are blamed where nobody is heard at all': (model, watched, isSilent) => {
    const allSilent = watched.filter(({ id, bastion }) => id === bastion).every(({ id }) => isSilent(id));
    const zones = Object.keys(model.zones).map(zoneFailure);
    return allSilent ? new Set(zones) : diagnose(model, watched, isSilent);
  },
  'a rack with one silent module has a broken switch': (model, watched, isSilent) => {
    const found = [...diagnose(model, watched, isSilent)];
    return new Set(found.map((id) => (model.hsms[id] === undefined ? id : (TOR_OF.get(zoneOf(id)) ?? id))));
  },
  'one more must be silent than is': (model, watched, isSilent) => {
    const [first] = watched.filter(({ id }) => isSilent(id));
    return diagnose(model, watched, (id) => isSilent(id) && id !== first?.id);
  },
};

/** Nobody by that name is ever silent. */
const ANY = 'nobody';

describe('management', () => {
  it('[B-07] takes silence for what it is: a channel, a module, a switch, a bastion or a zone, and for nothing that it cannot know', () => {
    expect(new Set(WATCHED.map(({ kind }) => kind)).size).toBe(4);
    expect([...TOR_OF.values()].filter((name) => name.startsWith('tor'))).toHaveLength(1);
    fc.assert(
      fc.property(anySilence, (silent) => {
        const got = diagnose(MODEL, WATCHED, (id) => silent.has(id));
        expect([...got].sort()).toEqual([...told(silent)].sort());
      }),
      { numRuns: 400 },
    );
  });

  it.each(Object.entries(FAULTS))('[B-07] and a fault in that is noticed: %s', (_name, by) => {
    const { failed } = fc.check(
      fc.property(anySilence, (silent) => agrees(by, silent)),
      { numRuns: 2_000, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });
});
