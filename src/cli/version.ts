import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.ts';

/** The version of the package, read from its own package.json so that it stands once. */
export function readVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  const found = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : null;
  return String(found ?? 'unknown');
}
