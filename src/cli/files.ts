import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './exit.ts';

/** Nothing that people write by hand is larger; the loader says the same with a place. */
const LARGEST_FILE = 5_000_000;

/** The bytes of a file, or a {@link UsageError} that says what is in the way. Large files are not read whole. */
export function readInput(path: string): Uint8Array {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, 'r');
    const status = fstatSync(descriptor);
    if (status.isDirectory()) {
      throw new UsageError('file/directory', `"${path}" is a directory`, 'name the scenario files in it');
    }
    if (status.isFile() && status.size > LARGEST_FILE) {
      const size = `${Math.round(status.size / 1e5) / 10} MB`;
      throw new UsageError('file/too-large', `"${path}" has ${size}; a scenario file has 5 MB at most`);
    }
    return readFileSync(descriptor);
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, error);
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

/** Writes a whole file or none: beside its place first, then moved there. */
export function writeOutput(path: string, content: Uint8Array | string): void {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  try {
    const descriptor = openSync(beside, 'wx');
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new UsageError(
      'file/unwritable',
      `cannot write "${path}": ${reasonOf(error)}`,
      'nothing was written',
    );
  }
}

function unreadable(path: string, error: unknown): UsageError {
  const missing = codeOf(error) === 'ENOENT';
  return new UsageError(
    missing ? 'file/missing' : 'file/unreadable',
    missing ? `there is no file "${path}"` : `cannot read "${path}": ${reasonOf(error)}`,
  );
}

/** What the system says, without its own code words and paths. */
function reasonOf(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EISDIR: 'it is a directory',
    ENOENT: 'its directory does not exist',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of the path is no directory',
    EROFS: 'the file system is read-only',
    EEXIST: 'another run is writing it',
    EMFILE: 'too many files are open',
    EDQUOT: 'the disk quota is used up',
    EFBIG: 'the file would be too large',
  };
  return reasons[codeOf(error)] ?? `the system says ${codeOf(error) || 'no'}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
