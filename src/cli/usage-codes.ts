import { CALL_CODES, type CallCode } from '../library/index.ts';
import type { CodeEntry } from '../report/index.ts';

export type UsageCode =
  | CallCode
  | 'file/missing'
  | 'file/directory'
  | 'file/too-large'
  | 'file/unreadable'
  | 'file/unwritable'
  | 'file/socket'
  | 'usage/command'
  | 'usage/option'
  | 'usage/code'
  | 'token/unavailable';

/** Complaints about how the command was called, or about a file that it was to read or write. */
export const USAGE_CODES: Readonly<Record<UsageCode, CodeEntry>> = {
  ...CALL_CODES,
  'file/missing': {
    title: 'there is no such file',
    meaning: 'Nothing has the name that was given. Names are relative to the current directory.',
  },
  'file/directory': {
    title: 'a directory where a file was expected',
    meaning: 'Scenarios are read from files. To take all of a directory: vnsim run scenarios/*.yaml',
  },
  'file/too-large': {
    title: 'the file is too large for a scenario',
    meaning: 'A scenario has 5 MB at most. Larger files are refused before they are read.',
  },
  'file/unreadable': {
    title: 'the file cannot be read',
    meaning: 'The system refuses to open or to read it. The message gives the reason of the system.',
  },
  'file/unwritable': {
    title: 'the output cannot be written',
    meaning:
      'A file is written whole beside its place and then moved there. So what stood there before is untouched, and nothing half written is left behind.',
  },
  'file/socket': {
    title: 'the socket cannot be made',
    meaning:
      'vnsim bridge listens on a unix socket, a file that it makes and removes again. Another bridge may be at work there, the path may be too long (about 100 bytes), or the directory may be missing.',
  },
  'usage/command': {
    title: 'no such command',
    meaning: 'vnsim without arguments lists its commands.',
  },
  'usage/option': {
    title: 'an option that the command does not have, or one without its value',
    meaning: 'Every command lists its options when it is called with --help.',
  },
  'usage/code': {
    title: 'no such code',
    meaning: 'vnsim explain without a code lists all codes: reasons of drops, and complaints.',
  },
  'token/unavailable': {
    title: 'the token for the keys cannot be used',
    meaning:
      'vnsim run --token-module lets a real PKCS#11 token keep the keys of security modules. It takes the optional package vnsim-backend-pkcs11, the library of the token, its label, and its PIN in the environment. One of them is missing or was refused.',
  },
};
