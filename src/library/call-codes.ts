import type { CodeEntry } from '../report/index.ts';

/** What can be wrong with a question about a network, whoever asks it: a program or the command line. */
export type CallCode =
  | 'usage/argument'
  | 'usage/data'
  | 'usage/name'
  | 'usage/network'
  | 'usage/nothing-sent'
  | 'usage/port'
  | 'usage/table'
  | 'usage/time';

/** What each of these codes means: `vnsim explain` tells it. */
export const CALL_CODES: Readonly<Record<CallCode, CodeEntry>> = {
  'usage/argument': {
    title: 'an argument is missing, too much, or not of its kind',
    meaning:
      'Every command shows its arguments when it is called with --help, every function of the library in its documentation.',
  },
  'usage/data': {
    title: 'a value that no file could hold',
    meaning:
      'What a program hands over as a scenario, a step or a packet is plain data: text, numbers, truth values, lists and maps, and nothing that contains itself. The message names the place.',
  },
  'usage/name': {
    title: 'a name or address that leads nowhere',
    meaning:
      'A sender is a machine of the scenario. A target is an IPv4 address or the name of something that has one. Where two customers use one name, put the customer before it: globex/app-310.',
  },
  'usage/network': {
    title: 'not a network',
    meaning:
      'The functions of the library ask about a network that loadNetwork or perform made, and about nothing else.',
  },
  'usage/nothing-sent': {
    title: 'the sender sent nothing',
    meaning: 'Its own network stack refused, for the reason that the message gives.',
  },
  'usage/port': {
    title: 'a port is missing, or makes no sense',
    meaning:
      'TCP and UDP need a target port, ICMP has none. On the command line it is given with -p, elsewhere as tcp/1792.',
  },
  'usage/table': {
    title: 'no such table',
    meaning: 'vnsim show --help lists the tables.',
  },
  'usage/time': {
    title: 'not a time',
    meaning: 'Simulated time is a number with its unit, such as 400 s, 10 ms or 2 min.',
  },
};
