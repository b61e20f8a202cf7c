import { formatNanos, type Nanos, nanos } from '../../base/index.ts';
import {
  availabilityOf,
  briefTime,
  formatMeasured,
  type LoadReport,
  throughputOf,
} from '../../scenario/index.ts';
import { columnsOf, padEnd, padStart } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { INDENT, paragraph } from './paragraph.ts';

/** What a load came to: availability, throughput and latency (U-03 to U-05), with two plots. */
export function loadLines(load: LoadReport, look: Look): readonly string[] {
  return [
    ...factsOf(load).flatMap(([label, text]) => factLines(label, text, look)),
    '',
    ...timePlot(load, look),
    ...latencyPlot(load, look),
    '',
  ];
}

const LABEL = 14;

function factLines(label: string, text: string, look: Look): readonly string[] {
  const [first = '', ...more] = paragraph(text, INDENT + LABEL, look);
  const lead = ' '.repeat(INDENT) + look.palette.dim(padEnd(label, LABEL));
  return [lead + first.trimStart(), ...more];
}

function factsOf(load: LoadReport): readonly (readonly [string, string])[] {
  const { asked, answered, latency, missed, modules, mechanism } = load;
  const share = (count: number, of: number): string =>
    of === 0 ? '0 %' : formatMeasured('share', (100 * count) / of);
  const facts: [string, string][] = [
    ['available', `${formatMeasured('share', availabilityOf(load))}: ${answered} of ${asked} answered`],
    ['throughput', formatMeasured('rate', throughputOf(load))],
  ];
  if (latency !== null) {
    const { p50, p95, p99, slowest, network, queue, service } = latency;
    facts.push(
      ['latency', `p50 ${brief(p50)} · p95 ${brief(p95)} · p99 ${brief(p99)} · slowest ${brief(slowest)}`],
      ['spent', `${brief(network)} network + ${brief(queue)} queue + ${brief(service)} service, on average`],
    );
  }
  if (missed.length > 0)
    facts.push(['not answered', missed.map(([why, count]) => `${why} ${share(count, asked)}`).join(', ')]);
  const done = modules.map(({ id, answered: own, capacity }) => {
    const limit = capacity === null ? '' : ` (can do ${formatMeasured('rate', capacity)})`;
    return `${id} ${share(own, answered)}${limit}`;
  });
  if (done.length > 0) facts.push(['by', `${done.join(', ')} · ${mechanism ?? 'nothing was ever done'}`]);
  return facts;
}

const ROWS = 6;
/** How full a cell is, in eighths, from below. */
const EIGHTHS = ' ▁▂▃▄▅▆▇█';
const PARTS = ' ▏▎▍▌▋▊▉█';

/** What was answered in each sixtieth of the time, under what was asked. */
function timePlot({ stretches, duration, changes, rate }: LoadReport, look: Look): readonly string[] {
  const length = duration / stretches.length;
  const perSecond = (count: number): number => (count * 1e9) / length;
  const top = Math.max(rate, ...stretches.map(({ asked }) => perSecond(asked)));
  const scale = roundUp(top);
  const margin = INDENT + 8;
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const floor = ((ROWS - 1 - row) * scale) / ROWS;
    const cells = stretches.map(({ asked, answered }) => {
      const fill = cellOf(perSecond(answered), floor, scale / ROWS, look);
      const wanted = perSecond(asked) > floor + scale / ROWS / 2;
      return fill === ' ' && wanted ? look.palette.bad(look.unicode ? '·' : '.') : look.palette.good(fill);
    });
    const label = row === 0 ? `${scale}/s` : '';
    return `${padStart(label, margin - 2)} ${look.unicode ? '│' : '|'}${cells.join('')}`;
  });
  const axis = `${padStart('0', margin - 2)} ${look.unicode ? '└' : '+'}${(look.unicode ? '─' : '-').repeat(stretches.length)}`;
  const times = `${' '.repeat(margin)}${padEnd('0 s', stretches.length - columnsOf(formatNanos(duration)))}${formatNanos(duration)}`;
  const notes = changes.map(
    ({ after, text }) =>
      `${' '.repeat(margin + Math.floor((after / duration) * stretches.length))}${printable(look, look.unicode ? `▲ ${text}` : `^ ${text}`)}`,
  );
  return [
    ...paragraph('answered in a second; dots: asked and not answered', margin, look).map(look.palette.dim),
    ...rows,
    axis,
    times,
    ...notes,
  ];
}

/** How much of a cell is filled. */
function cellOf(value: number, floor: number, height: number, look: Look): string {
  const part = Math.max(0, Math.min(1, (value - floor) / height));
  if (!look.unicode) return part >= 0.5 ? '#' : ' ';
  return EIGHTHS[Math.round(part * 8)] ?? ' ';
}

/** How many answers took how long. */
function latencyPlot({ latency, answered }: LoadReport, look: Look): readonly string[] {
  if (latency === null) return [];
  const margin = INDENT + 8;
  const width = WIDTH - margin - 32;
  const most = Math.max(...latency.bars.map(({ count }) => count));
  const rows = latency.bars.map(({ from, below, count }) => {
    const range = `${padStart(brief(from), 7)} to ${padEnd(brief(below), 7)}`;
    const share = count === 0 ? '' : formatMeasured('share', (100 * count) / answered);
    return `${' '.repeat(INDENT)}${padStart(printable(look, range), 20)} ${look.unicode ? '│' : '|'}${barOf((count / most) * width, look)} ${share}`.trimEnd();
  });
  return ['', ...paragraph('how long the answers took', margin, look).map(look.palette.dim), ...rows];
}

function barOf(length: number, look: Look): string {
  if (!look.unicode) return '#'.repeat(length > 0 ? Math.max(1, Math.round(length)) : 0);
  const whole = Math.floor(length);
  const rest = PARTS[Math.round((length - whole) * 8)] ?? '';
  return `${'█'.repeat(whole)}${rest.trim() === '' && whole === 0 && length > 0 ? '▏' : rest.trimEnd()}`;
}

/** The next round number: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const factor = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value) ?? 10;
  return Math.round(factor * power * 10) / 10;
}

function brief(time: Nanos): string {
  return formatNanos(briefTime(nanos(time)));
}
