import { formatIp } from '../address/index.ts';
import { formatNanos } from '../base/index.ts';
import {
  type ApplianceState,
  backupPolicyOf,
  guaranteeOf,
  type ModuleState,
  partitionStateOf,
  staleOf,
} from '../hsm/index.ts';
import type { RunningMachine } from './machines.ts';
import type { Custody } from './run-report.ts';
import { columns, display, type Table } from './table.ts';
import type { World } from './world.ts';

/** What the security modules of a run tell of themselves; nothing of it is secret (A-01, U-24). */
export function securityModules({ machines, model, replications }: World): readonly Table[] {
  const name = display(model);
  const running = [...machines.values()].flatMap((machine) => {
    const module = moduleOf(machine);
    return module === null ? [] : [{ name: name(machine.id), module }];
  });
  if (running.length === 0) return storages({ machines, model });
  return [
    {
      title: 'security modules: the console (406) and what it says of the sealed part (404)',
      columns: columns(
        'HSM',
        'life',
        'label',
        'generation',
        'administrators',
        'officers',
        'quorum',
        'clients',
      ),
      rows: running.map(({ name: hsm, module }) => [
        hsm,
        module.tampered ? `${module.life}, tampered` : module.life,
        module.label,
        String(module.generation),
        Object.keys(module.administrators).join(', '),
        Object.keys(module.officers).join(', '),
        String(module.quorum),
        Object.values(module.clients)
          .map((client) => client.name)
          .join(', '),
      ]),
    },
    {
      title: 'partitions',
      columns: columns('HSM', 'partition', 'state', 'objects', 'quota', 'zone', 'kept by', 'backup'),
      rows: running.flatMap(({ name: hsm, module }) => partitionRows(hsm, module)),
    },
    {
      title: 'what custody guarantees',
      columns: columns('HSM', 'zone of', 'guarantee'),
      rows: running.flatMap(({ name: hsm, module }) => [
        [hsm, 'the module', guaranteeOf('exclusive', module.zone.custodian)],
        ...Object.values(module.partitions).flatMap(({ name: partition, zone }) =>
          zone === null ? [] : [[hsm, partition, guaranteeOf('shared', zone.custodian)]],
        ),
      ]),
    },
    ...copies(replications, name),
    ...storages({ machines, model }),
  ];
}

/** What storage services have at rest: ciphertext, and the data key as a module wrapped it (G-05). */
function storages({ machines, model }: Pick<World, 'machines' | 'model'>): readonly Table[] {
  const name = display(model);
  const running = [...machines.values()].filter(({ storages }) => storages.length > 0);
  if (running.length === 0) return [];
  const start = (hex: string): string => `${hex.slice(0, 24)}…`;
  return [
    {
      title: 'storage services: what lies at rest',
      columns: columns('machine', 'port', 'object', 'under key', 'wrapped data key', 'sealed', 'bytes'),
      rows: running.flatMap((machine) =>
        machine.storages.flatMap(({ port, state: { objects } }) =>
          Object.entries(objects).map(([object, { key, wrapped, sealed }]) => [
            name(machine.id),
            String(port),
            object,
            key,
            start(wrapped),
            start(sealed),
            String(sealed.length / 2),
          ]),
        ),
      ),
    },
  ];
}

/** What custody of each backup key guarantees, as far as there is one. */
export function custodyIn({ machines, model }: World): readonly Custody[] {
  const name = display(model);
  return [...machines.values()].flatMap((machine) => {
    const module = moduleOf(machine);
    if (module === null) return [];
    const hsm = name(machine.id);
    const zones = Object.values(module.partitions).map(({ name: of, zone }) => ({ of, zone }));
    return [{ of: null, zone: module.zone }, ...zones].flatMap(({ of, zone }): readonly Custody[] => {
      if (zone === null || zone.id === null) return [];
      const { custodian } = zone;
      const sharing = of === null ? 'exclusive' : 'shared';
      return [{ hsm, partition: of, custodian, guarantee: guaranteeOf(sharing, custodian) }];
    });
  });
}

/** What keeps modules in step (U-13). */
function copies(replications: World['replications'], name: (id: string) => string): readonly Table[] {
  if (replications.length === 0) return [];
  return [
    {
      title: 'copies that are made by themselves',
      columns: columns(
        'partition',
        'between',
        'carried by',
        'sealed',
        'every',
        'rounds',
        'changes',
        'trouble',
      ),
      rows: replications.map(({ step, rounds, carried, troubles }) => [
        step.partition,
        step.between.map(({ address }) => formatIp(address)).join(', '),
        name(step.from.id),
        step.by === 'zone-key' ? 'under the zone key' : 'to each module',
        formatNanos(step.every),
        String(rounds),
        String(carried),
        troubles.join('; ') || 'none',
      ]),
    },
  ];
}

function partitionRows(hsm: string, module: ModuleState): readonly (readonly string[])[] {
  return Object.values(module.partitions).map((partition) => {
    const zone = partition.zone ?? module.zone;
    const key = zone.id === null ? 'no key' : `${zone.id}${zone.sealed === null ? ', not loaded' : ''}`;
    return [
      hsm,
      partition.name,
      partitionStateOf(module, partition),
      String(Object.keys(partition.objects).length),
      String(partition.quota),
      partition.zone === null ? key : `${key} (its own)`,
      zone.custodian,
      `${staleOf(partition) ? 'stale' : 'fresh'}, ${backupPolicyOf(module, zone.sealed !== null)}`,
    ];
  });
}

/** The module that a machine runs; `null`: it runs another application. */
function moduleOf({ stack }: RunningMachine): ModuleState | null {
  const service = stack.save().services.find(({ name }) => name === 'security module');
  return service === undefined ? null : (service.state as ApplianceState).module;
}
