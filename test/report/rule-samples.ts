import { portRange } from '../../src/address/index.ts';
import { ruleTable } from '../../src/program/index.ts';
import { at, block, type New } from './network.ts';
import { PEER, ROUTER, SELF } from './stage-samples.ts';

/* A firewall and an ACL to try rules on. */

export const FILTER: New<'filter'> = {
  kind: 'filter',
  line: 22,
  firewall: 'vni-314',
  tracking: null,
  direction: 'in',
  rules: ruleTable([
    { protocol: 'udp', peer: block('10.0.0.0/16'), ports: portRange(500, 600), from: at(23) },
    { protocol: 'tcp', peer: block('10.0.9.0/24'), ports: portRange(0, 65535), from: at(24) },
    { protocol: 'tcp', peer: block('10.0.0.0/16'), ports: portRange(22, 22), from: at(25) },
    { protocol: 'tcp', peer: block('10.0.0.0/16'), ports: portRange(1792, 1792), from: at(26) },
  ]),
};
export const ACL: New<'acl'> = {
  kind: 'acl',
  line: 27,
  acl: 'acl-308',
  subnet: 'subnet-308',
  direction: 'out',
  router: ROUTER,
  own: block('10.0.1.0/24'),
  inside: new Set([SELF, PEER]),
  rules: ruleTable([
    {
      number: 100,
      action: 'allow',
      protocol: 'udp',
      peer: block('10.0.0.0/8'),
      ports: portRange(53, 53),
      from: at(28),
    },
    {
      number: 110,
      action: 'deny',
      protocol: 'tcp',
      peer: block('10.9.0.0/16'),
      ports: portRange(22, 22),
      from: at(29),
    },
    {
      number: 120,
      action: 'allow',
      protocol: 'tcp',
      peer: block('10.0.0.0/8'),
      ports: portRange(0, 65535),
      from: at(30),
    },
  ]),
};
