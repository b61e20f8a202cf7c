import { prefixTable } from '../../src/address/index.ts';
import type { SubnetRoute } from '../../src/program/index.ts';
import { block, ip, type New } from './network.ts';
import { LOCATE, VNI } from './stage-samples.ts';

/* Stages where a virtual network ends. */

export const ONE_TO_ONE: New<'one-to-one'> = {
  kind: 'one-to-one',
  line: 21,
  gateway: 'igw',
  direction: 'outward',
  sides: { inside: 'in the network', outside: 'on the Internet' },
  addresses: new Map([[ip('10.0.0.7'), ip('198.51.100.7')]]),
};
export const RETURNING: New<'one-to-one'> = {
  ...ONE_TO_ONE,
  direction: 'inward',
  addresses: new Map([[ip('198.51.100.7'), ip('10.0.0.7')]]),
};
export const GLOBAL: New<'global'> = {
  kind: 'global',
  special: prefixTable([{ block: block('10.0.0.0/8'), value: 'private (RFC 1918)' }]),
};
/** Routes to what is not in the network itself. */
export const LEADING_OUT: New<'locate'> = {
  ...LOCATE,
  routes: prefixTable<SubnetRoute>([
    {
      block: block('10.1.0.0/16'),
      value: { kind: 'peering', peering: 'px', network: 'globex', mappings: new Map(), from: null },
    },
    {
      block: block('10.2.0.0/16'),
      value: { kind: 'dead', towards: 'py', cause: 'not-accepted', from: null },
    },
    { block: block('10.3.0.0/16'), value: { kind: 'dead', towards: 'igw', cause: 'gone', from: null } },
    {
      block: block('10.5.0.0/16'),
      value: { kind: 'dead', towards: 'hsm-326', cause: 'revoked', from: null },
    },
    {
      block: block('10.4.0.0/16'),
      value: { kind: 'interface', target: VNI, origin: 'propagated', from: null },
    },
  ]),
};
