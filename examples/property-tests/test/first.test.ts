import { expect, test } from 'vitest';
import { loadNetwork } from 'vnsim';
import 'vnsim/vitest';

/** A network with a web shop and a till. Everybody’s looks like this. */
const shop = {
  cidr: '10.0.0.0/16',
  subnets: { main: { cidr: '10.0.0.0/24', zone: 'here' } },
  firewalls: { web: { in: [{ allow: 'tcp/443', from: '10.0.0.0/24' }] } },
  instances: {
    web: { subnet: 'main', address: '10.0.0.7', firewalls: ['web'], listen: { 443: 'echo' } },
    till: { subnet: 'main', address: '10.0.0.8' },
  },
} as const;

const network = loadNetwork({
  title: 'Two customers who chose the same addresses',
  provider: { zones: ['here'] },
  customers: { acme: { vn: shop }, globex: { vn: shop } },
});

test('the till asks the shop, and is answered', () => {
  expect(network).toAnswer({ from: 'acme/till', to: '10.0.0.7', tcp: { port: 443 } });
});

test('it asks its own shop, although the other has the same address', () => {
  expect(network).toDeliver({ from: 'globex/till', to: '10.0.0.7', tcp: { port: 443 } }, 'globex/web');
});

test('nobody logs in to the shop', () => {
  expect(network).toDrop({ from: 'acme/till', to: '10.0.0.7', tcp: { port: 22 } }, 'firewall.deny');
});

test('nothing crosses, whatever anybody sends', () => {
  expect(network).toIsolate('acme', 'globex');
});
