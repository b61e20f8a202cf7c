import type { Hex } from '../cryptography/bytes.ts';
import { isName, NAME_RULE } from '../device/administration.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, onlyWhere, refuse, without } from '../device/step.ts';
import { partitionNamed } from './administration.ts';
import type { Client } from './client.ts';
import { cutOffFrom } from './connections.ts';

/** Clients that a module registers. */
export const MOST_CLIENTS = 100;

/** Registering clients and assigning them to partitions (A-12, A-13, C-19): the first of two conditions for using a key (T6). */
export const REGISTRY: Handlers<
  'register-client' | 'delete-client' | 'list-clients' | 'assign-client' | 'revoke-client'
> = {
  'register-client': (state, { command: { name, certificate, expires } }) => {
    if (!isName(name)) return refuse(state, 'BAD_VALUE', NAME_RULE);
    if (!/^[0-9a-f]{64}$/.test(certificate)) {
      return refuse(state, 'BAD_VALUE', 'the fingerprint of a certificate: 64 hexadecimal digits');
    }
    if (Object.hasOwn(state.clients, certificate) || clientNamed(state, name) !== null) {
      return refuse(state, 'EXISTS');
    }
    if (Object.keys(state.clients).length >= MOST_CLIENTS) {
      return refuse(state, 'FULL', `at most ${MOST_CLIENTS} clients`);
    }
    return done(withClient(state, certificate, { name, expires, slots: {}, nextSlot: 1 }), {});
  },
  'delete-client': (state, { command: { name } }) => {
    const found = clientNamed(state, name);
    if (found === null) return refuse(state, 'NO_SUCH');
    const cut = cutOffFrom(state, ({ certificate }) => certificate === found.certificate);
    return done({ ...cut, clients: without(cut.clients, found.certificate) }, {});
  },
  'list-clients': (state) =>
    done(state, {
      clients: Object.entries(state.clients).map(([certificate, { name, expires, slots }]) => ({
        name,
        certificate,
        expires,
        partitions: Object.values(slots).flatMap((serial) => state.partitions[serial]?.name ?? []),
      })),
    }),
  'assign-client': (state, { command: { client: name, partition: partitionName } }) => {
    const found = clientNamed(state, name);
    const partition = partitionNamed(state, partitionName);
    if (found === null || partition === null) return refuse(state, 'NO_SUCH');
    const { certificate, client } = found;
    if (Object.values(client.slots).includes(partition.serial)) return refuse(state, 'EXISTS');
    const slot = client.nextSlot;
    const slots = { ...client.slots, [slot]: partition.serial };
    return done(withClient(state, certificate, { ...client, slots, nextSlot: slot + 1 }), { slot });
  },
  'revoke-client': (state, { command: { client: name, partition: partitionName } }) => {
    const found = clientNamed(state, name);
    const partition = partitionNamed(state, partitionName);
    if (found === null || partition === null) return refuse(state, 'NO_SUCH');
    const { certificate, client } = found;
    if (!Object.values(client.slots).includes(partition.serial)) return refuse(state, 'NO_SUCH');
    const cut = cutOffFrom(
      state,
      (application, slot) =>
        application.certificate === certificate && client.slots[slot] === partition.serial,
    );
    const slots = onlyWhere(client.slots, (serial) => serial !== partition.serial);
    return done(withClient(cut, certificate, { ...client, slots }), {});
  },
};

function clientNamed(
  state: ModuleState,
  name: string,
): { readonly certificate: Hex; readonly client: Client } | null {
  const entry = Object.entries(state.clients).find(([, client]) => client.name === name);
  return entry === undefined ? null : { certificate: entry[0], client: entry[1] };
}

function withClient(state: ModuleState, certificate: Hex, client: Client): ModuleState {
  return { ...state, clients: { ...state.clients, [certificate]: client } };
}
