/**
 * What other tools and clouds call the things of a scenario, and the word for it here. Who comes from there writes the word he
 * knows, and no spelling distance leads from it to ours.
 */
export const OURS: Readonly<Record<string, readonly string[]>> = {
  account: ['customer'],
  accounts: ['customers'],
  assert: ['expect'],
  assertions: ['prove'],
  az: ['zone'],
  'availability-zone': ['zone'],
  claims: ['prove'],
  cidrblock: ['cidr'],
  containers: ['instances'],
  delay: ['latency'],
  description: ['about'],
  destination: ['to', 'target'],
  dst: ['to', 'target'],
  events: ['steps'],
  hosts: ['instances'],
  invariants: ['prove'],
  ip: ['address'],
  machines: ['instances'],
  nacl: ['acl'],
  name: ['title'],
  network: ['vn', 'cidr'],
  networks: ['customers', 'vn'],
  nodes: ['instances'],
  packet: ['send'],
  ping: ['send'],
  prefix: ['cidr'],
  properties: ['prove'],
  region: ['zone'],
  rtt: ['latency'],
  'security-group': ['firewall'],
  sg: ['firewall'],
  sleep: ['wait'],
  source: ['from'],
  src: ['from', 'source'],
  tenant: ['customer'],
  tenants: ['customers'],
  tests: ['steps'],
  vms: ['instances'],
  vnet: ['vn'],
  vpc: ['vn'],
};

/** The word of `words` that means what others call `text`; `null` where there is none. */
export function ourWord(text: string, words: readonly string[]): string | null {
  const plain = text.toLowerCase().replaceAll('_', '-');
  const known = Object.hasOwn(OURS, plain) ? OURS[plain] : undefined;
  return known?.find((word) => words.includes(word)) ?? null;
}
