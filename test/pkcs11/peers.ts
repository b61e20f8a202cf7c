import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** A program or library that judges ours, and the Debian package that brings it. */
interface Peer {
  readonly name: string;
  readonly debian: string;
  readonly path: string | null;
}

/** The PKCS#11 module of p11-kit that passes every call on to a socket. */
const CLIENT_LIBRARY = libraryNamed('pkcs11/p11-kit-client.so');
/** SoftHSM2: a PKCS#11 token in software. */
const SOFTHSM = libraryNamed('softhsm/libsofthsm2.so');

const PEERS: readonly Peer[] = [
  { name: 'pkcs11-tool', debian: 'opensc', path: programNamed('pkcs11-tool') },
  { name: 'openssl', debian: 'openssl', path: programNamed('openssl') },
  { name: 'p11-kit-client.so', debian: 'p11-kit-modules', path: CLIENT_LIBRARY },
  { name: 'libsofthsm2.so', debian: 'softhsm2', path: SOFTHSM },
];

/** Where the library is. This suite is worth nothing without its judges, so a missing one fails it, by name. */
export function peerNamed(name: string): string {
  const path = PEERS.find((peer) => peer.name === name)?.path ?? null;
  if (path !== null) return path;
  const missing = PEERS.filter((peer) => peer.path === null);
  const names = missing.map((peer) => peer.name).join(', ');
  const packages = missing.map(({ debian }) => debian).join(' ');
  throw new Error(`missing on this machine: ${names}; on Debian: apt-get install ${packages}`);
}

function libraryNamed(place: string): string | null {
  const ofMachines = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').filter((one) => one.includes('-linux-'))
    : [];
  const directories = ['/usr/lib', '/usr/local/lib', ...ofMachines.map((one) => `/usr/lib/${one}`)];
  return directories.map((directory) => `${directory}/${place}`).find((path) => existsSync(path)) ?? null;
}

function programNamed(name: string): string | null {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
  return found === '' ? null : found;
}
