import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSource, type Source } from './source.ts';

/** The top of the repository. */
export const TOP: string = fileURLToPath(new URL('../../', import.meta.url));

export function readText(path: string): string {
  return readFileSync(join(TOP, path), 'utf8');
}

/** Every file below a folder of the repository, sorted; none when there is no such folder. */
export function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(join(TOP, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(TOP, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** The program text of the named folders: whatever can hold an import. */
export function sourcesIn(...folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap(filesIn)
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .map((path) => readSource(path, readText(path)));
}
