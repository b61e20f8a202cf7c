import { formatCidr, type Ip, isIpv6 } from '../address/index.ts';
import { formatNanos, seconds } from '../base/index.ts';
import { notPublic } from '../model/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { Fault } from './shape.ts';
import { quoted, suggest } from './wording.ts';

/** Rules about how the provider looks after its HSMs. */
export const serviceRules: readonly Rule[] = [
  servicesAreThere,
  bastionsArePublic,
  careIsOfOneFamily,
  signsOfLifeAreRare,
  somebodyNotices,
];

function servicesAreThere({ provider: { service }, directory }: Draft): readonly Fault[] {
  if (service === null) return [];
  const known = directory.entries.flatMap(({ kind, name }) => (kind === 'internet-host' ? [name] : []));
  const { sink, management } = service;
  const hosts = [
    [sink.kind, sink.host],
    ['management', management],
  ] as const;
  return hosts.flatMap(([role, name]): readonly Fault[] => {
    if (known.includes(name)) return [];
    const message = `no host on the Internet is called ${quoted(name)}`;
    const help = suggest(name, known, 'hosts') ?? 'declare it: internet: { hosts: … }';
    return [{ code: 'scenario/unknown-name', where: [...service.where, role], complaint: { message, help } }];
  });
}

function bastionsArePublic({ provider: { service } }: Draft): readonly Fault[] {
  const why = service === null ? null : notPublic(service.public.address);
  if (service === null || why === null) return [];
  const message = `${formatCidr(service.public)} holds no addresses on the Internet: ${why}`;
  return [{ code: 'provider/not-public', where: [...service.where, 'public'], complaint: { message } }];
}

/** Bastions have public addresses of IPv4, and nobody translates: whoever has to do with them is of that family too. */
function careIsOfOneFamily({ provider: { service }, internetHosts }: Draft): readonly Fault[] {
  if (service === null) return [];
  const { crp, sink, management } = service;
  const addressOf = (name: string): Ip | null =>
    internetHosts.find((host) => host.name === name)?.address ?? null;
  const named = [
    ['crp', crp.address, formatCidr(crp)],
    [sink.kind, addressOf(sink.host), sink.host],
    ['management', addressOf(management), management],
  ] as const;
  return named.flatMap(([key, address, name]): readonly Fault[] => {
    if (address === null || !isIpv6(address)) return [];
    const message = `${name} is IPv6 on the Internet, and bastions have addresses of ${formatCidr(service.public)}`;
    const complaint = { message, help: null };
    return [{ code: 'scenario/other-family', where: [...service.where, key], complaint }];
  });
}

/** Each of them is some packets in the record of the run. */
const OFTENEST = seconds(1);

function signsOfLifeAreRare({ provider: { service } }: Draft): readonly Fault[] {
  const every = service?.watch?.every ?? OFTENEST;
  if (service === null || every >= OFTENEST) return [];
  const message = `a sign of life every ${formatNanos(every)} is too often`;
  const complaint = { message, help: `once in ${formatNanos(OFTENEST)} at most` };
  return [{ code: 'scenario/wrong-value', where: [...service.where, 'watch', 'every'], complaint }];
}

function somebodyNotices({ provider: { service }, steps }: Draft): readonly Fault[] {
  if (service !== null && service.watch !== null) return [];
  return steps.flatMap((step): readonly Fault[] => {
    const expected = step?.expect ?? null;
    if (expected === null || expected.noticed === null) return [];
    const complaint = {
      message: 'nobody watches here, so nothing is ever noticed',
      help: 'let management watch: provider: { service: { watch: { every: 10 s } } }',
    };
    return [{ code: 'scenario/misplaced-expectation', where: [...expected.where, 'noticed'], complaint }];
  });
}
