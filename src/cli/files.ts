import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { LARGEST_FILE } from '../scenario/index.ts';
import { Complaints, complaint } from './complaint.ts';
import { codeOf, reasonOf } from './system-reason.ts';

/** The bytes of a file, or {@link Complaints} that say what is in the way. Large files are not read at all. */
export function readInput(path: string): Uint8Array {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, 'r');
    const status = fstatSync(descriptor);
    if (status.isDirectory()) {
      throw complaint('file/directory', `"${path}" is a directory`, 'name the scenario files in it');
    }
    if (status.isFile() && status.size > LARGEST_FILE) throw tooLarge(path, status.size);
    return status.isFile() ? readFileSync(descriptor) : readBounded(descriptor, path);
  } catch (error) {
    throw error instanceof Complaints ? error : unreadable(path, error);
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

/** A file that another one names, as it is seen from there. */
export function besides(file: string, named: string): string {
  return isAbsolute(named) ? named : join(dirname(file), named);
}

/** What a pipe or a device gives, which may have no end. */
function readBounded(descriptor: number, path: string): Uint8Array {
  const buffer = new Uint8Array(LARGEST_FILE + 1);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    length += read;
    if (length > LARGEST_FILE) throw tooLarge(path, length);
    if (read === 0) return buffer.subarray(0, length);
  }
}

/** Writes a whole file or none: beside its place first, then moved there. A device or a pipe is written to as it is. */
export function writeOutput(path: string, content: Uint8Array): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there !== undefined) accessSync(path, constants.W_OK);
    if (there === undefined || there.isFile() || there.isDirectory()) replace(path, there, content);
    else writeTo(path, 'w', undefined, content);
  } catch (error) {
    throw complaint(
      'file/unwritable',
      `cannot write "${path}": ${reasonOf(error)}`,
      'choose another place with -o',
    );
  }
}

/** Makes a directory with all those above it, if it is not there. */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw complaint(
      'file/unwritable',
      `cannot make the directory "${path}": ${reasonOf(error)}`,
      'choose another place',
    );
  }
}

function replace(path: string, there: Stats | undefined, content: Uint8Array): void {
  // through a symbolic link, so that the link stays one
  const place = there === undefined ? path : realpathSync(path);
  const beside = join(dirname(place), `.${basename(place)}.${process.pid}.part`);
  try {
    writeTo(beside, 'wx', there?.mode, content);
    renameSync(beside, place);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function writeTo(path: string, flags: 'w' | 'wx', mode: number | undefined, content: Uint8Array): void {
  const descriptor = openSync(path, flags, mode);
  try {
    for (let written = 0; written < content.length; ) {
      written += writeSync(descriptor, content, written);
    }
  } finally {
    closeSync(descriptor);
  }
}

function tooLarge(path: string, size: number): Complaints {
  const megabytes = (bytes: number) => `${Math.round(bytes / 100_000) / 10} MB`;
  return complaint(
    'file/too-large',
    `"${path}" has ${megabytes(size)}; a scenario has at most ${megabytes(LARGEST_FILE)}`,
    'large networks are generated through the library, not written down',
  );
}

function unreadable(path: string, error: unknown): Complaints {
  if (codeOf(error) === 'ENOENT') {
    return complaint(
      'file/missing',
      `there is no file "${path}"`,
      'scenarios that come with vnsim are in scenarios/',
    );
  }
  return complaint('file/unreadable', `cannot read "${path}": ${reasonOf(error)}`);
}
