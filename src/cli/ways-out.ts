/** What may have been meant instead of a name that is none, in words. */
export function waysOut(choices: readonly string[]): string | null {
  const [first, ...more] = choices;
  if (first === undefined) return null;
  return more.length === 0 ? `did you mean ${first}?` : `there are: ${choices.join(', ')}`;
}
