const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOENT', 'its directory does not exist'],
  ['ENOSPC', 'the disk is full'],
  ['ENOTDIR', 'a part of the path is no directory'],
  ['EROFS', 'the file system is read-only'],
  ['EEXIST', 'another run is writing it'],
  ['EMFILE', 'too many files are open'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the file would be too large'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EADDRINUSE', 'something is there already'],
  ['EINVAL', 'the path is too long, or no path'],
  ['EPIPE', 'nobody reads it any more'],
]);

/** Why the system refused, without its own code words and paths. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS.get(code) ?? `the system says ${code || 'no'}`;
}

/** `ENOENT` and the like; empty for an error that is not the system's. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
