import { formatIp } from '../address/index.ts';
import { formatNanos } from '../base/index.ts';
import { targetsOf } from './balancers.ts';
import { columns, display, type Table } from './table.ts';
import type { World } from './world.ts';

/** Which standbys took over, and when. */
export function takeovers({ takeovers: all }: World): Table {
  const rows = all.map(({ at, text }) => [formatNanos(at), text]);
  return { title: 'standbys that took over', columns: columns('at', 'what'), rows };
}

/** Every load balancer with its targets, what it thinks of them, and how many connections each has. */
export function balancers(world: World): Table {
  const { model, machines } = world;
  const name = display(model);
  const rows = Object.values(model.loadBalancers).flatMap(({ instance, policy, mode, standby }) => {
    const status = machines.get(instance)?.balancer?.status() ?? [];
    return targetsOf(model, instance).map(({ address, zone }, index) => {
      const { healthy = true, connections = 0 } = status[index] ?? {};
      return [
        name(instance),
        standby === null ? '' : name(standby),
        mode === 'active-standby' ? mode : policy,
        formatIp(address),
        zone ?? '',
        healthy ? 'healthy' : 'unhealthy',
        String(connections),
      ];
    });
  });
  return {
    title: 'load balancers and their targets',
    columns: columns('balancer', 'standby', 'policy', 'target', 'zone', 'state', 'connections'),
    rows,
  };
}
