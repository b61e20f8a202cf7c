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
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
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

/** What a file was read for is not written over: complains where both names are one file, before anything is worked out. */
export function keepApart(output: string, input: string): void {
  const there = fileAt(output);
  const read = fileAt(input);
  if (there === null || read === null || there.dev !== read.dev || there.ino !== read.ino) return;
  throw complaint('file/unwritable', `"${output}" is the scenario itself`, 'choose another place with -o');
}

/** `null` where there is no file, or none that may be looked at: whoever reads or writes it says why. */
function fileAt(path: string): Stats | null {
  try {
    const status = statSync(path);
    return status.isFile() ? status : null;
  } catch {
    return null;
  }
}

/**
 * Makes a directory with all those above it, if it is not there. One after the other: where nothing can be made, as below /proc, the
 * recursive way of Node never ends.
 */
export function makeDirectory(path: string): void {
  try {
    for (const each of missingDirectories(path)) mkdirSync(each);
  } catch (error) {
    throw complaint(
      'file/unwritable',
      `cannot make the directory "${path}": ${codeOf(error) === 'EEXIST' ? 'a file has this name' : reasonOf(error)}`,
      'choose another place',
    );
  }
}

/** From the outermost one on. A file in the place of the last is there and no directory: it is among them, and making it fails. */
function missingDirectories(path: string): readonly string[] {
  const missing: string[] = [];
  for (let at = resolve(path); !isDirectory(at); at = dirname(at)) missing.unshift(at);
  return missing;
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
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
