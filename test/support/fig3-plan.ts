import type { NetworkPlan } from './networks.ts';

/** FIG. 3, with somebody on premises. */
export const FIG3_PLAN: NetworkPlan = {
  tenants: [
    {
      block: '10.0.0.0/16',
      halves: true,
      instances: [
        { half: 0, offset: 7, firewalls: [] },
        { half: 0, offset: 8, firewalls: [] },
        { half: 1, offset: 7, firewalls: [] },
      ],
      firewalls: [],
      guards: [],
      apart: false,
      premises: { kind: 'ipsec', hosts: 2 },
      hsms: [
        {
          address: '10.10.0.3',
          attachment: 'rack',
          half: 0,
          elsewhere: false,
          service: '192.168.0.0/24',
          firewall: [
            { allow: 'tcp/1792', from: '0.0.0.0/0' },
            { allow: 'udp', from: '0.0.0.0/0' },
          ],
          nat: null,
          twice: false,
        },
      ],
    },
  ],
  moreServers: false,
  spare: false,
  seed: 1,
};
