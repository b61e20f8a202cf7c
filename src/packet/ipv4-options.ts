import { read8 } from './bytes.ts';
import { IPV4_HEADER } from './ipv4.ts';

/** What a router finds in the options of a header (RFC 791 section 3.1). */
export interface Ipv4OptionsReading {
  /** where the header does not make sense, in bytes from its start: the pointer of ICMP 12/0; `null`: it does */
  readonly fault: number | null;
  /** loose or strict: the sender wants to choose the way */
  readonly sourceRoute: boolean;
}

const OPTION = {
  end: 0,
  none: 1,
  recordRoute: 7,
  timestamp: 68,
  looseSourceRoute: 131,
  routerAlert: 148,
  strictSourceRoute: 137,
} as const;

/** Of a timestamp option: stamps of prescribed routers only. Such an option may be full without an error. */
const PRESCRIBED = 3;

/**
 * Reads the options as a router has to (RFC 1812 5.3.13): which byte makes no sense, and whether a way is prescribed.
 *
 * @param options as they stand behind the fixed part of the header
 */
export function readIpv4Options(options: Uint8Array): Ipv4OptionsReading {
  const seen = new Set<number>();
  let at = 0;
  while (at < options.length) {
    const type = read8(options, at);
    if (type === OPTION.end) break;
    if (type === OPTION.none) {
      at += 1;
      continue;
    }
    const left = options.length - at;
    const length = left < 2 ? 0 : read8(options, at + 1);
    if (length < 2 || length > left) return { fault: IPV4_HEADER + at, sourceRoute: false };
    const offset = faultOffset(options.subarray(at, at + length), type, seen);
    if (offset !== null) return { fault: IPV4_HEADER + at + offset, sourceRoute: false };
    seen.add(isSourceRoute(type) ? OPTION.looseSourceRoute : type);
    at += length;
  }
  return { fault: null, sourceRoute: seen.has(OPTION.looseSourceRoute) };
}

function isSourceRoute(type: number): boolean {
  return type === OPTION.looseSourceRoute || type === OPTION.strictSourceRoute;
}

/** Which byte of one option makes no sense, or `null`. Options that nobody here knows always make sense. */
function faultOffset(option: Uint8Array, type: number, seen: ReadonlySet<number>): number | null {
  if (isSourceRoute(type)) {
    const offset = pointerFault(option, 3, 4);
    if (offset !== null) return offset;
    return seen.has(OPTION.looseSourceRoute) ? 0 : null;
  }
  switch (type) {
    case OPTION.recordRoute:
      if (seen.has(type)) return 0;
      return pointerFault(option, 3, 4) ?? roomFault(option, 4);
    case OPTION.timestamp:
      if (seen.has(type)) return 0;
      return pointerFault(option, 4, 5) ?? timestampFault(option);
    case OPTION.routerAlert:
      return option.length < 4 ? 1 : null;
    default:
      return null;
  }
}

/** The option is shorter than its fixed part, or its pointer points into that. */
function pointerFault(option: Uint8Array, least: number, first: number): number | null {
  if (option.length < least) return 1;
  return read8(option, 2) < first ? 2 : null;
}

/** There is room left, but less than one entry takes. */
function roomFault(option: Uint8Array, entry: number): number | null {
  const pointer = read8(option, 2);
  return pointer <= option.length && pointer + entry - 1 > option.length ? 2 : null;
}

/** A full option counts the routers that found no room, up to fifteen (RFC 791, internet timestamp). */
function timestampFault(option: Uint8Array): number | null {
  const flags = read8(option, 3);
  const kind = flags & 15;
  if (read8(option, 2) > option.length) return kind !== PRESCRIBED && flags >>> 4 === 15 ? 3 : null;
  return roomFault(option, kind === 0 || kind > PRESCRIBED ? 4 : 8);
}
