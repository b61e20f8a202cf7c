import { formatIp } from '../address/index.ts';
import { formatNanos } from '../base/index.ts';
import { SEALED_PORTS } from '../model/index.ts';
import { nameOfWatched } from './diagnosis.ts';
import { unopenedSince } from './judge-unopened.ts';
import { isSignOfLife } from './sign-of-life.ts';
import { columns, type Table } from './table.ts';
import type { World } from './world.ts';

/** What is in the queue, or has gone through it (B-09). */
export function queued({ model, machines, engine }: World): Table {
  const { service } = model;
  const name = (id: string) => nameOfWatched(model, id);
  const messages = machines.get(service?.sink.host ?? '')?.queue?.messages ?? [];
  const rows = messages.map(({ number, sort, source, text, taken, done }) => [
    String(number),
    sort === 'syslog' ? sort : 'trap',
    name(source),
    text,
    done
      ? 'done'
      : taken === null || taken.until <= engine.now
        ? 'waits'
        : `with ${name(taken.by)} until ${formatNanos(taken.until)}`,
  ]);
  return { title: 'the message queue', columns: columns('number', 'sort', 'from', 'text', 'state'), rows };
}

/** What the data storage service and the management service have kept (B-04, B-05), signs of life aside. */
export function messages({ model, machines }: World): Table {
  const { service } = model;
  const keepers = service === null ? [] : [service.sink.host, service.management];
  const rows = keepers.flatMap((keeper) =>
    (machines.get(keeper)?.events ?? []).flatMap((event) => {
      if (event.kind !== 'datagram') return [];
      const text = new TextDecoder().decode(event.bytes);
      if (isSignOfLife(text)) return [];
      const sort = event.targetPort === SEALED_PORTS.syslog ? 'syslog' : 'trap';
      return [[keeper, sort, nameOfWatched(model, event.peer ?? ''), text]];
    }),
  );
  return { title: 'messages about HSMs', columns: columns('kept by', 'sort', 'from', 'text'), rows };
}

/** What was no message, on a port where only sealed ones are heard (ruling Q-33): forged, changed on the way, or sent a second time. */
export function unopened({ model, machines }: World): Table {
  const rows = unopenedSince(machines, new Map()).map(({ device, at, because, packet }) => [
    formatNanos(at),
    nameOfWatched(model, device),
    formatIp(packet.source),
    because,
  ]);
  return { title: 'what was not opened', columns: columns('at', 'by', 'from', 'reason'), rows };
}
