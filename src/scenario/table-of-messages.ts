import { formatIp } from '../address/index.ts';
import { MESSAGE_PORTS } from '../model/index.ts';
import { columns, type Table } from './table.ts';
import { isSignOfLife } from './watch.ts';
import type { World } from './world.ts';

/** What the data storage service and the management service have kept (B-04, B-05), signs of life aside. */
export function messages({ model: { service }, machines }: World): Table {
  const keepers = service === null ? [] : [service.storage, service.management];
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
