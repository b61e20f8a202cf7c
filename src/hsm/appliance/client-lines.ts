/** The lines that there are, and how they are written. */
export const CLIENT_LINES: Readonly<Record<string, string>> = {
  slots: 'slots',
  'init-token': 'init-token SLOT SO-PIN USER-PIN LABEL',
  login: 'login SLOT PIN',
  'login-officer': 'login-officer SLOT SO-PIN',
  'login-rped': 'login-rped SLOT',
  logout: 'logout',
  list: 'list',
  make: 'make aes|ed25519|p256 LABEL',
  encrypt: 'encrypt LABEL TEXT',
  decrypt: 'decrypt LABEL HEX',
  seal: 'seal LABEL HEX',
  unseal: 'unseal LABEL HEX',
  sign: 'sign LABEL TEXT',
  verify: 'verify LABEL HEX TEXT',
  read: 'read LABEL',
  destroy: 'destroy LABEL',
  session: 'session',
  'make-outside': 'make-outside aes|ed25519|p256 LABEL',
  'take-out': 'take-out LABEL',
  'bring-in': 'bring-in RECORD',
};

/** Whether there is a word for each that the usage names, and one of the choices where it gives some: `aes|ed25519|p256`. */
export function fitsUsage(usage: string, words: readonly string[]): boolean {
  return usage
    .split(' ')
    .slice(1)
    .every((wanted, index) => {
      const word = words[index];
      return word !== undefined && (!wanted.includes('|') || wanted.split('|').includes(word));
    });
}
