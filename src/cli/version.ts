import { readFileSync } from 'node:fs';

/** The version of the package, read from its own package.json so that it stands once. */
export function readVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const found = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : null;
  return String(found ?? 'unknown');
}
