import { type Ip, port } from '../address/index.ts';
import { later, type Nanos, nanos } from '../base/index.ts';
import type { HostEvent } from '../host/index.ts';
import { MESSAGE_PORTS, type Model, SEALED_PORTS, type Watch as Settings } from '../model/index.ts';
import { type Watched, watchedIn } from './diagnosis.ts';
import { type Known, keepAlive } from './keepalive.ts';
import { signOfLife, whoseSign } from './sign-of-life.ts';
import type { World } from './world.ts';

/** What management knows of who is alive (FIG. 2, 232). */
export interface Watch {
  readonly settings: Settings;
  /** when somebody was heard last; before the first time, when management began to wait */
  readonly heardAt: Map<string, Nanos>;
  /** by whose messages it hears of somebody */
  readonly teller: Map<string, string>;
  /** whom it takes to have failed */
  readonly failed: Set<string>;
  /** what gateways know of their channels */
  readonly channels: Map<string, Known>;
  readonly notices: Notice[];
  /** when it looks next */
  nextLook: Nanos;
}

/** What management noticed, or did about it. */
export interface Notice {
  readonly at: Nanos;
  /** id of the device, or the one by which a channel or a zone fails */
  readonly about: string;
  readonly what: NoticeKind;
  /** for people */
  readonly text: string;
}

export const NOTICES = ['silent', 'back', 'replaced'] as const;
export type NoticeKind = (typeof NOTICES)[number];

/** Devices begin to give signs of life, and management to wait for them. `null` where nobody watches. */
export function startWatch(world: World): Watch | null {
  const { engine, model } = world;
  const settings = model.service?.watch ?? null;
  if (settings === null) return null;
  // it looks in the middle between two signs of life: what is on its way has arrived
  const nextLook = later(engine.now, nanos(settings.every + Math.floor(settings.every / 2)));
  const watch: Watch = {
    settings,
    heardAt: new Map(),
    teller: new Map(),
    failed: new Set(),
    channels: new Map(),
    notices: [],
    nextLook,
  };
  world.machines.get(model.service?.management ?? '')?.hearers.add((event) => hear(watch, event, engine.now));
  const beat = (now: Nanos): void => {
    for (const watched of watchedIn(world.compiled)) {
      if (!watch.heardAt.has(watched.id)) watch.heardAt.set(watched.id, now);
      watch.teller.set(watched.id, watched.bastion);
      const { channel } = watched;
      if (channel === null) giveSign(world, watched, now);
      else keepAlive(world, watch.channels, watched.id, channel);
    }
    engine.reminders.add(settings.every, false, beat);
  };
  engine.reminders.add(settings.every, false, beat);
  return watch;
}

/** Whoever sealed a sign of life is known by the key, and believed only about itself and those who report to it. */
function hear({ heardAt, teller }: Watch, event: HostEvent, now: Nanos): void {
  if (event.kind !== 'datagram') return;
  const id = whoseSign(new TextDecoder().decode(event.bytes));
  if (id !== null && event.peer !== undefined && teller.get(id) === event.peer) heardAt.set(id, now);
}

/** A device sends its sign of life the way of all messages: by its bastion, or, as a bastion, to both services itself. */
function giveSign({ compiled: model, machines }: World, { id, kind, bastion }: Watched, now: Nanos): void {
  const stack = machines.get(id)?.stack;
  const bytes = new TextEncoder().encode(signOfLife(id));
  const isOutside = kind === 'bastion';
  const syslog = port((isOutside ? SEALED_PORTS : MESSAGE_PORTS).syslog);
  for (const target of isOutside ? servicesOf(model) : addressesOf(model, bastion)) {
    stack?.sendUdp({ target, targetPort: syslog, sourcePort: syslog, bytes }, now);
  }
}

function servicesOf({ service, internetHosts }: Model): readonly Ip[] {
  const names = service === null ? [] : [service.sink.host, service.management];
  return names.flatMap((name) => internetHosts[name]?.address ?? []);
}

function addressesOf({ instances, interfaces }: Model, bastion: string): readonly Ip[] {
  const vni = interfaces[instances[bastion]?.interface ?? ''];
  return vni === undefined ? [] : [vni.address];
}
