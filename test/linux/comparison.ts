import type { Point, Sighting } from './bench.ts';
import type { Fields } from './bodies.ts';

/** One field in which the kernel and the simulator differ. */
export interface Mismatch {
  readonly case: string;
  /** which of the case's packets was under way, from 1 */
  readonly step: number;
  readonly point: Point;
  readonly direction: 'in' | 'out';
  /** which packet of this direction at this interface, from 1 */
  readonly packet: number;
  /** a field of reading.ts, or `presence`: only one side has the packet */
  readonly field: string;
  readonly kernel: string | number;
  readonly simulator: string | number;
  /** the whole packet, as the kernel had it if it did */
  readonly about: Fields;
}

type Reading = (frame: Uint8Array) => Fields | null;

/** What both sides saw of one case, step by step, compared at every interface. */
export function compare(
  name: string,
  kernel: readonly (readonly Sighting[])[],
  simulator: readonly (readonly Sighting[])[],
  {
    points,
    arp,
    read,
  }: { readonly points: readonly Point[]; readonly arp: readonly Point[]; readonly read: Reading },
): readonly Mismatch[] {
  const steps = Math.max(kernel.length, simulator.length);
  return Array.from({ length: steps }, (_, step) =>
    points.flatMap((point) =>
      (['in', 'out'] as const).flatMap((direction) => {
        const withArp = arp.includes(point);
        const left = seenAt(kernel[step] ?? [], point, direction, withArp, read);
        const right = seenAt(simulator[step] ?? [], point, direction, withArp, read);
        return comparePackets(left, right).map((found) => ({
          case: name,
          step: step + 1,
          point,
          direction,
          ...found,
        }));
      }),
    ),
  ).flat();
}

/** Interfaces in the middle of FIG. 3 see every link from both ends; ARP is compared only where a case is about it. */
function seenAt(
  sightings: readonly Sighting[],
  point: Point,
  direction: 'in' | 'out',
  withArp: boolean,
  read: Reading,
): readonly Fields[] {
  return sightings.flatMap((sighting) => {
    if (sighting.point !== point || sighting.direction !== direction) return [];
    const fields = read(sighting.frame);
    if (fields === null) return [];
    const isQuestion = fields['kind'] === 'arp' || fields['kind'] === 'neighbour discovery';
    return isQuestion && !withArp ? [] : [fields];
  });
}

type Found = Pick<Mismatch, 'packet' | 'field' | 'kernel' | 'simulator' | 'about'>;

function comparePackets(kernel: readonly Fields[], simulator: readonly Fields[]): readonly Found[] {
  const count = Math.max(kernel.length, simulator.length);
  return Array.from({ length: count }, (_, index): readonly Found[] => {
    const left = kernel[index];
    const right = simulator[index];
    const packet = index + 1;
    const about = left ?? right ?? {};
    if (left === undefined || right === undefined) {
      return [{ packet, field: 'presence', kernel: summary(left), simulator: summary(right), about }];
    }
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return names
      .filter((field) => left[field] !== right[field])
      .map((field) => ({
        packet,
        field,
        kernel: left[field] ?? 'nothing',
        simulator: right[field] ?? 'nothing',
        about,
      }));
  }).flat();
}

function summary(fields: Fields | undefined): string {
  if (fields === undefined) return 'nothing';
  const of = (name: string) => fields[name];
  if (of('kind') === 'arp') return `ARP ${of('operation')} ${of('sender')} about ${of('target')}`;
  if (of('kind') === 'neighbour discovery') return `${of('operation')} about ${of('target')}`;
  const what = of('type') === undefined ? `protocol ${of('protocol')}` : `ICMP ${of('type')}/${of('code')}`;
  return `${what} ${of('source')} to ${of('target')} ttl ${of('ttl')}`;
}

export function describeMismatch(mismatch: Mismatch): string {
  const { step, point, direction, packet, field, kernel, simulator } = mismatch;
  return `"${mismatch.case}", packet ${step}: ${point} ${direction} ${packet}: ${field}: kernel ${kernel}, simulator ${simulator}`;
}
