import type { z } from 'zod';
import { failure, type Result, success } from '../base/index.ts';
import { type Misreading, misread } from './misreading.ts';
import type { LoadBalancerText } from './scenario-text.ts';
import {
  address,
  agreeing,
  choice,
  demand,
  duration,
  map,
  name,
  parsed,
  reference,
  someOf,
  whole,
} from './schema-parts.ts';
import { parseTraffic } from './traffic.ts';
import { quoted } from './wording.ts';

/** `tcp/1792`: the port that a balancer listens on. */
export function parseListen(text: string): Result<number, Misreading> {
  const traffic = parseTraffic(text);
  if (!traffic.ok) return failure(traffic.fault);
  const { protocol, ports } = traffic.value;
  if (protocol === 'tcp' && ports.first === ports.last) return success(ports.first);
  return misread('scenario/bad-traffic', `a balancer listens on one TCP port, and not on ${quoted(text)}`);
}

const health = map({
  every: duration('How often each target is checked. Default: 5 s.').exactOptional(),
  timeout: duration(
    'How long a target may take to answer, a check or a client’s request. Default: 2 s.',
  ).exactOptional(),
  healthy: whole(1, 100, 'Answers in a row until it counts as healthy again. Default: 2.').exactOptional(),
  unhealthy: whole(1, 100, 'Failures in a row until it counts as unhealthy. Default: 3.').exactOptional(),
}).meta({ description: 'How the balancer finds out which targets work: it connects to them.' });

export const loadBalancerSchema: z.ZodType<LoadBalancerText> = agreeing<LoadBalancerText>()(
  demand(
    map({
      subnet: reference('The subnet it is in.'),
      address: address('The one address that clients know. FIG. 5: 10.0.0.100.'),
      server: reference(
        'The server that hosts it. Default: the provider chooses one in the zone.',
      ).exactOptional(),
      listen: parsed('tcp and a port such as tcp/1792', parseListen, 'Where it listens, and its targets do.'),
      targets: someOf(
        address('An address of the virtual network.'),
        'a list of addresses',
        'Whom it balances between: interfaces of HSMs (FIG. 5, 512), or instances.',
      ),
      policy: choice(
        ['round-robin', 'least-connections', 'source-hash', 'zone-affinity'],
        'Who gets a request: each in turn, the one with the fewest connections, always the same for one client, or one of the balancer’s own zone. Default: round-robin.',
      ).exactOptional(),
      mode: choice(
        ['active-active', 'active-standby'],
        'Whether all targets work, or the first healthy one alone. Default: active-active.',
      ).exactOptional(),
      fallback: duration(
        'With `active-standby`: how long a target that is healthy again stays a standby, so that nobody is sent to and fro. Connections that are open stay where they are. Default: 0 s.',
      ).exactOptional(),
      health: health.exactOptional(),
      standby: map({
        name: name('What it is called.'),
        address: address('Its own address, which no client needs to know.'),
        server: reference(
          'The server that hosts it, another one. Default: the provider chooses.',
        ).exactOptional(),
      })
        .meta({
          description:
            'A second machine that takes over the address when the first does not answer its pings any more, as often as `health` says.',
        })
        .exactOptional(),
    }).meta({
      description:
        'A load balancer (FIG. 5, 508): it ends the clients’ TCP connections and opens its own to the targets.',
    }),
    ({ fallback, mode }) =>
      fallback === undefined || mode === 'active-standby'
        ? null
        : {
            code: 'scenario/wrong-value',
            message: 'only where others stand by is there anything to fall back from',
            help: 'write mode: active-standby, or leave it out',
            key: 'fallback',
          },
  ),
);
