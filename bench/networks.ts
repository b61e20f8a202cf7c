import { cidr, type Ipv4, ipv4, port, portRange } from '../src/address/index.ts';
import { EMPTY_MODEL, type Model, USUAL_TRANSLATION } from '../src/model/index.ts';
import {
  createNetwork,
  createSubnet,
  grantRole,
  launchInstance,
  openZone,
  type Refusal,
  rackHsm,
  registerCustomer,
  requestHsm,
  startServer,
  transact,
} from '../src/provider/index.ts';

export const CLIENT: Ipv4 = ipv4(0x0a000007);
export const CALLED: Ipv4 = ipv4(0x0a0000c9);

/** A direct connection has the VLANs from 101 to 4094, and every tenant takes one. */
const TENANTS_OF_A_RACK = 3_994;

/** A rule of the firewall that a customer asks for. */
type Rule = NonNullable<Parameters<typeof requestHsm>[1]['firewall']>[number];

/** So many rules about clients of FIG. 3 and ports of theirs, no two alike, none inside another. */
export function rulesFor(count: number): readonly Rule[] {
  return Array.from({ length: count }, (_, index) => {
    const at = port(1792 + 2 * Math.floor(index / 64));
    return {
      protocol: 'tcp' as const,
      peer: cidr(ipv4(0x0a000000 + ((index % 64) << 2)), 30),
      ports: portRange(at, at),
      from: null,
    };
  });
}

/**
 * FIG. 3 for many customers, all with the same addresses, on a server of theirs and one near the racks.
 *
 * @param firewall of each interface in a customer's network; `null`: as the provider makes it
 */
export function tenants(count: number, firewall: readonly Rule[] | null = null): Model {
  const rackOf = (tenant: number): string | null => {
    const rack = Math.floor(tenant / TENANTS_OF_A_RACK);
    return rack === 0 ? null : `${rack + 1}`;
  };
  const built = transact(EMPTY_MODEL, 'build', (draft) => {
    const refusals: Refusal[] = [];
    const ask = (answer: readonly Refusal[]) => refusals.push(...answer);
    for (const name of ['zone-306', 'zone-316'])
      ask(openZone(draft, { name, kind: 'room', power: [], operator: null, from: null }));
    ask(startServer(draft, { name: 'server-a', zone: 'zone-306', power: null, from: null }));
    ask(startServer(draft, { name: 'server-b', zone: 'zone-316', power: null, from: null }));
    for (let number = 0; number < count; number += 1) {
      const customer = `tenant-${number}`;
      const hsm = `hsm-${number}`;
      const block = cidr(ipv4(0x0a000000), 16);
      ask(
        rackHsm(draft, {
          name: hsm,
          model: 'luna-sa',
          fips: null,
          power: null,
          zone: 'zone-316',
          rack: rackOf(number),
          host: null,
          address: ipv4(0x0a0a0003),
          port: 1792,
          endpoint: { kind: 'echo' },
          from: null,
        }),
      );
      ask(registerCustomer(draft, { name: customer, ownedByProvider: false, from: null }));
      ask(grantRole(draft, { customer, name: 'hsm-service', allow: ['create-vni', 'attach-vni'] }));
      ask(createNetwork(draft, { customer, block, from: null }));
      ask(
        createSubnet(draft, {
          network: customer,
          name: 'subnet-308',
          block,
          zone: 'zone-306',
          acl: null,
          from: null,
        }),
      );
      ask(
        launchInstance(draft, {
          customer,
          name: 'app-310',
          subnet: 'subnet-308',
          address: CLIENT,
          public: null,
          sourceCheck: true,
          kind: 'vm',
          server: null,
          firewalls: [],
          listen: {},
          hsmClient: true,
          from: null,
        }),
      );
      ask(
        requestHsm(draft, {
          customer,
          subnet: 'subnet-308',
          address: CALLED,
          hsm,
          model: null,
          fips: null,
          service: { block: cidr(ipv4(0xc0a80000), 24), address: ipv4(0xc0a80037) },
          attachment: 'rack',
          alias: null,
          sourceRewrite: true,
          translation: USUAL_TRANSLATION,
          hairpin: false,
          firewall,
          names: { vni: null, nat: null, inward: null },
          from: null,
        }),
      );
    }
    return refusals;
  });
  if (!built.ok) throw new Error(built.fault.map(({ message }) => message).join('\n'));
  return built.value.model;
}
