import type { z } from 'zod';
import type { ReplaceNatText, SetAclText, SetFirewallText } from './scenario-text.ts';
import { setAclSchema } from './schema-acl.ts';
import { setFirewallSchema } from './schema-firewall.ts';
import { agreeing, map, name, reference } from './schema-parts.ts';

const replaceNat = agreeing<ReplaceNatText>()(
  map({
    nat: reference('The NAT instance that has failed, or is to go.'),
    name: name('The one that takes its place. Default: the same name with -b behind.').exactOptional(),
  }).meta({
    description:
      'The provider puts another NAT instance in the place of one. Both addresses stay; what the old one knew of live connections is lost.',
  }),
);

/** What is asked of the provider about ACLs, firewalls and NAT instances. */
export const guardVerbs: {
  readonly 'set-acl': z.ZodExactOptional<z.ZodType<SetAclText>>;
  readonly 'set-firewall': z.ZodExactOptional<z.ZodType<SetFirewallText>>;
  readonly 'replace-nat': z.ZodExactOptional<z.ZodType<ReplaceNatText>>;
} = {
  'set-acl': setAclSchema.exactOptional(),
  'set-firewall': setFirewallSchema.exactOptional(),
  'replace-nat': replaceNat.exactOptional(),
};
