import { type Result, success } from '../base/index.ts';
import { type AddressFault, judge, type Objection, refuse } from './fault.ts';
import { type Port, type PortRange, port, portRange } from './port.ts';

/** `1792` for one port, else `1000-2000`, both ends included. */
export function formatPortRange(range: PortRange): string {
  return range.first === range.last ? `${range.first}` : `${range.first}-${range.last}`;
}

/** Reads a port: decimal, 0 to 65535, no sign, no leading zero. */
export function parsePort(text: string): Result<Port, AddressFault> {
  return judge(text, 'a port', readPort(text));
}

/** Reads `1792` or `1000-2000`, both ends included, as {@link formatPortRange} prints it. */
export function parsePortRange(text: string): Result<PortRange, AddressFault> {
  return judge(text, 'a port or a range of ports', readPortRange(text));
}

const LAST_PORT = 65535;

function readPort(text: string): Result<Port, Objection> {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= LAST_PORT && String(value) === text) return success(port(value));

  const trimmed = text.trim();
  if (trimmed === '') return refuse('address/port', 'it is empty');
  if (!/^\d+$/.test(trimmed)) return refuse('address/port', 'ports are decimal numbers');
  const meant = Number(trimmed);
  if (meant > LAST_PORT) return refuse('address/port', `ports go from 0 to ${LAST_PORT}`);
  const because = trimmed === text ? 'numbers have no leading zero' : 'it has white space around it';
  return refuse('address/not-canonical', because, String(meant));
}

function readPortRange(text: string): Result<PortRange, Objection> {
  const dash = text.indexOf('-');
  const first = readPort(dash < 0 ? text : text.slice(0, dash));
  if (!first.ok && dash < 0) return first;
  const last = readPort(text.slice(dash + 1));

  const ends = [first, last].map((end) => (end.ok ? end.value : Number(end.fault.nearMiss ?? Number.NaN)));
  const meant = portRange(Math.min(...ends), Math.max(...ends));
  const nearMiss = ends.some(Number.isNaN) ? null : formatPortRange(meant);
  if (!first.ok) return refuse(first.fault.code, first.fault.because, nearMiss);
  if (!last.ok) return refuse(last.fault.code, last.fault.because, nearMiss);

  if (first.value > last.value) return refuse('address/port-range', 'it ends before it begins', nearMiss);
  if (dash >= 0 && first.value === last.value) {
    return refuse('address/not-canonical', 'a single port is written without a dash', nearMiss);
  }
  return success(portRange(first.value, last.value));
}
