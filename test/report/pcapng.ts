import { expect } from 'vitest';

/** A pcapng file taken apart by the rules of its format alone, strict about lengths and padding. */
export interface CaptureFile {
  readonly section: Options;
  readonly interfaces: readonly Options[];
  readonly packets: readonly CapturedPacket[];
  readonly statistics: readonly { readonly interface: number; readonly options: Options }[];
}

export type Options = readonly { readonly code: number; readonly value: Uint8Array }[];

export interface CapturedPacket {
  readonly interface: number;
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly options: Options;
}

export function readCapture(file: Uint8Array): CaptureFile {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const section: Options[] = [];
  const interfaces: Options[] = [];
  const packets: CapturedPacket[] = [];
  const statistics: { interface: number; options: Options }[] = [];
  for (let offset = 0; offset < file.length; ) {
    const type = view.getUint32(offset, true);
    const length = view.getUint32(offset + 4, true);
    const end = offset + length;
    expect(length % 4).toBe(0);
    expect(end).toBeLessThanOrEqual(file.length);
    expect(view.getUint32(end - 4, true)).toBe(length);
    const body = offset + 8;
    const time = (at: number): number => view.getUint32(at, true) * 2 ** 32 + view.getUint32(at + 4, true);
    if (type === 0x0a0d0d0a) {
      expect(offset).toBe(0);
      expect(view.getUint32(body, true)).toBe(0x1a2b3c4d);
      expect([view.getUint16(body + 4, true), view.getUint16(body + 6, true)]).toEqual([1, 0]);
      expect(view.getBigInt64(body + 8, true)).toBe(-1n);
      section.push(readOptions(file, body + 16, end - 4));
    } else if (type === 1) {
      expect([
        view.getUint16(body, true),
        view.getUint16(body + 2, true),
        view.getUint32(body + 4, true),
      ]).toEqual([1, 0, 0]);
      interfaces.push(readOptions(file, body + 8, end - 4));
    } else if (type === 6) {
      const captured = view.getUint32(body + 12, true);
      expect(view.getUint32(body + 16, true)).toBe(captured);
      const data = body + 20;
      packets.push({
        interface: view.getUint32(body, true),
        time: time(body + 4),
        bytes: file.slice(data, data + captured),
        options: readOptions(file, data + Math.ceil(captured / 4) * 4, end - 4),
      });
    } else {
      expect(type).toBe(5);
      statistics.push({
        interface: view.getUint32(body, true),
        options: readOptions(file, body + 12, end - 4),
      });
    }
    offset = end;
  }
  expect(section).toHaveLength(1);
  return { section: section[0] ?? [], interfaces, packets, statistics };
}

export function textOf(options: Options, code: number): string | null {
  const value = options.find((option) => option.code === code)?.value;
  return value === undefined ? null : new TextDecoder().decode(value);
}

export function numberOf(options: Options, code: number): number {
  const value = options.find((option) => option.code === code)?.value ?? new Uint8Array(0);
  return value.reduceRight((sum, octet) => sum * 256 + octet, 0);
}

function readOptions(file: Uint8Array, start: number, end: number): Options {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const options: { code: number; value: Uint8Array }[] = [];
  for (let offset = start; offset < end; ) {
    const code = view.getUint16(offset, true);
    const length = view.getUint16(offset + 2, true);
    const next = offset + 4 + Math.ceil(length / 4) * 4;
    if (code === 0) {
      expect([length, next]).toEqual([0, end]);
      return options;
    }
    expect(file.slice(offset + 4 + length, next).every((octet) => octet === 0)).toBe(true);
    options.push({ code, value: file.slice(offset + 4, offset + 4 + length) });
    offset = next;
  }
  throw new Error('options end with their mark');
}
