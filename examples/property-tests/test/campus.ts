import { loadNetwork, type Network, type StepText } from 'vnsim';

/** What a tool of ours makes of a list of departments: a network for each. There is a mistake in it. */
export function campus(departments: readonly string[]): Network {
  const block = (index: number) => `10.${index}.0.0/16`;
  const customers = departments.map((name, index) => {
    const subnets = { rooms: { cidr: block(index), zone: 'campus' } };
    const instances = { [`${name}-pc`]: { subnet: 'rooms', address: `10.${index}.0.5` } };
    return [name, { vn: { cidr: block(index), subnets, instances } }] as const;
  });
  return loadNetwork({
    title: 'A campus',
    provider: { zones: ['campus'] },
    customers: Object.fromEntries(customers),
    steps: departments.length > 2 ? closeTheRing(departments, block) : [],
  });
}

/** Left over from a time when departments were in a ring. */
function closeTheRing(departments: readonly string[], block: (index: number) => string): readonly StepText[] {
  const [first = '', last = ''] = [departments[0], departments.at(-1)];
  const peering = { peering: 'ring' };
  return [
    { peer: { customer: first, with: last, name: 'ring' } },
    { 'accept-peering': { customer: last, ...peering } },
    { 'add-route': { customer: first, subnet: 'rooms', to: block(departments.length - 1), via: 'ring' } },
    { 'add-route': { customer: last, subnet: 'rooms', to: block(0), via: 'ring' } },
  ];
}
