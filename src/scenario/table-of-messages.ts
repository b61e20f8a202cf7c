import { formatIp } from '../address/index.ts';
import { formatNanos } from '../base/index.ts';
import { MESSAGE_PORTS } from '../model/index.ts';
import { isSignOfLife } from './sign-of-life.ts';
import { columns, type Table } from './table.ts';
import type { World } from './world.ts';

/** What is in the queue, or has gone through it (B-09). */
export function queued({ model: { service }, machines, engine }: World): Table {
  const messages = machines.get(service?.sink.host ?? '')?.queue?.messages ?? [];
  const rows = messages.map(({ number, sort, source, text, taken, done }) => [
    String(number),
    sort === 'syslog' ? sort : 'trap',
    formatIp(source),
    text,
    done
      ? 'done'
      : taken === null || taken.until <= engine.now
        ? 'waits'
        : `with ${formatIp(taken.by)} until ${formatNanos(taken.until)}`,
  ]);
  return { title: 'the message queue', columns: columns('number', 'sort', 'from', 'text', 'state'), rows };
}

/** What the data storage service and the management service have kept (B-04, B-05), signs of life aside. */
export function messages({ model: { service }, machines }: World): Table {
  const keepers = service === null ? [] : [service.sink.host, service.management];
  const rows = keepers.flatMap((keeper) =>
    (machines.get(keeper)?.events ?? []).flatMap((event) => {
      if (event.kind !== 'datagram') return [];
      const text = new TextDecoder().decode(event.bytes);
      if (isSignOfLife(text)) return [];
      const sort = event.targetPort === MESSAGE_PORTS.syslog ? 'syslog' : 'trap';
      return [[keeper, sort, formatIp(event.source), text]];
    }),
  );
  return { title: 'messages about HSMs', columns: columns('kept by', 'sort', 'from', 'text'), rows };
}
