import { formatNanos, nanos } from '../base/index.ts';
import { nameOfWatched, watchedIn } from './diagnosis.ts';
import { columns, type Table } from './table.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** Of whom management has signs of life, and what it has noticed (B-07, B-08). */
export function watchTables({ watch, model, engine }: World): readonly Table[] {
  const name = (id: string) => nameOfWatched(model, id);
  const heard = columns('device', 'kind', 'by way of', 'last heard', 'state');
  const noticed = columns('at', 'notice');
  const rows = (watch === null ? [] : watchedIn(model)).map(({ id, kind, bastion }) => {
    const at = watch?.heardAt.get(id);
    const ago = at === undefined ? 'not yet' : `${formatNanos(nanos(engine.now - at))} ago`;
    return [
      name(id),
      kind,
      id === bastion ? '' : name(bastion),
      ago,
      watch === null ? '' : stateOf(watch, id, bastion),
    ];
  });
  const notices = (watch?.notices ?? []).map(({ at, text }) => [formatNanos(at), text]);
  return [
    { title: `signs of life at ${formatNanos(engine.now)}`, columns: heard, rows },
    { title: 'what management noticed', columns: noticed, rows: notices },
  ];
}

function stateOf({ failed }: Watch, id: string, bastion: string): string {
  if (failed.has(id)) return 'silent';
  return failed.has(bastion) ? 'not known' : 'works';
}
