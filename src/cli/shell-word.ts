/** A word as it may be pasted into a POSIX shell. */
export function shellWord(word: string): string {
  return /^[\w./\\:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
