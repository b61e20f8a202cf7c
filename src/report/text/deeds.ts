import { explainDeed, whoAsked } from '../../hsm/index.ts';
import { displayNames, type Model } from '../../model/index.ts';
import type { Done } from '../../scenario/index.ts';
import { columnsOf, padEnd } from './columns.ts';
import { type Look, printable } from './look.ts';
import { paragraph } from './paragraph.ts';

/** What security modules did with what was said to them: a line a request, and why under what was refused. */
export function renderDeeds(model: Model, done: readonly Done[], look: Look): string {
  const names = displayNames(model);
  if (done.length === 0) return 'no security module heard a request\n';
  const [command, who] = [
    Math.max(...done.map(({ deed }) => columnsOf(deed.command ?? NONSENSE))),
    Math.max(...done.map(({ deed }) => columnsOf(whoAsked(deed)))),
  ];
  const lines = done.flatMap(({ device, deed }, index) => {
    const head =
      device === done[index - 1]?.device ? [] : [`${names.get(device) ?? device}, the security module`];
    const good = deed.outcome === 'done';
    const line = printable(
      look,
      `  ${good ? '✔' : '✘'} ${padEnd(deed.command ?? NONSENSE, command)}  ${padEnd(whoAsked(deed), who)}  ${deed.outcome}`,
    );
    const shown = good ? line : look.palette.bad(line);
    return [...head, shown, ...(good ? [] : paragraph(explainDeed(deed), 6, look))];
  });
  return `${lines.join('\n')}\n`;
}

const NONSENSE = '(no command)';
