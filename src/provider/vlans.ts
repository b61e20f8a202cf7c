import type { Model, RackStanding } from '../model/index.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { ModelDraft } from './verb.ts';

/** IEEE 802.1Q: 4095 is reserved. */
const LAST_VLAN = 4094;

/** The first VLAN of every direct connection: lower ones are left to the provider's own use. */
export const FIRST_VLAN = 101;

/** Why the rack of a module takes no more service networks, or `null`. */
export function vlanRefusal(model: Model, module: RackStanding, field: string | null): Refusal | null {
  if (nextVlan(model, module) <= LAST_VLAN) return null;
  const { rack } = module;
  const where = rack === null ? 'the racks of the zones, which share one,' : `rack ${rack}`;
  const message = `the direct connection of ${where} has no VLAN left: IEEE 802.1Q knows ${LAST_VLAN}`;
  return refuse('provider/no-vlan', field, message);
}

/** Takes the next VLAN on the direct connection to the rack of a module. */
export function takeVlan(draft: ModelDraft, module: RackStanding): number {
  const vlan = nextVlan(draft, module);
  const rack = module.rack === null ? undefined : draft.racks[module.rack];
  if (rack === undefined) draft.counters.vlan = vlan + 1;
  else rack.vlan = vlan + 1;
  return vlan;
}

function nextVlan({ racks, counters }: Pick<Model, 'racks' | 'counters'>, { rack }: RackStanding): number {
  return rack === null ? counters.vlan : (racks[rack]?.vlan ?? FIRST_VLAN);
}
