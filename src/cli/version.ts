import { readFileSync } from 'node:fs';

/** The version of the package, read from its own package.json so that it stands once. */
export const VERSION: string = versionOf(new URL('../../package.json', import.meta.url));

function versionOf(file: URL): string {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version);
  return 'unknown';
}
