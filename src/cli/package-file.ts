/** A file of the package. Stands two folders deep, in `src/cli` as in the built `dist/cli`, where all is one bundle. */
export function packageFile(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}
