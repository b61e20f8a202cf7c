/** The beginning of a sign of life: severity 6 of facility 3 (RFC 5424 6.2.1), no time, the device, `health`. */
const HEAD = '<30>1 - ';
const TAIL = ' health - - - works';

/** What a device says again and again while it works. */
export function signOfLife(id: string): string {
  return `${HEAD}${id}${TAIL}`;
}

/** Whether a message is only a sign of life: nothing that anybody would want to read. */
export function isSignOfLife(text: string): boolean {
  return text.startsWith(HEAD) && text.endsWith(TAIL);
}

/** Whose sign of life it is; `null`: it is none. */
export function whoseSign(text: string): string | null {
  return isSignOfLife(text) ? text.slice(HEAD.length, -TAIL.length) : null;
}
