import type { ScenarioText } from '../../src/library/index.ts';

/** Two machines on one subnet, and one that only tcp/22 may reach. */
export const OFFICE: ScenarioText = {
  title: 'An office',
  provider: { zones: ['here'] },
  customers: {
    acme: {
      vn: {
        cidr: '10.0.0.0/16',
        subnets: { office: { cidr: '10.0.0.0/24', zone: 'here' } },
        firewalls: { shell: { in: [{ allow: 'tcp/22', from: '10.0.0.0/24' }] } },
        instances: {
          desk: { subnet: 'office', address: '10.0.0.4' },
          files: { subnet: 'office', address: '10.0.0.5', listen: { 445: 'echo' } },
          vault: { subnet: 'office', address: '10.0.0.6', firewalls: ['shell'] },
        },
      },
    },
  },
};
