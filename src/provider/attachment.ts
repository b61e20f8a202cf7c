import { refuse, unknown } from './refusal.ts';
import { DONE, type ModelDraft, type Verb } from './verb.ts';

export interface SwitchInterface {
  /** id of the interface */
  readonly interface: string;
  /** who asks */
  readonly by: 'customer' | 'provider';
}

/** An interface of a NAT instance is taken off it: address and firewall stay, and nothing is behind them (D-04). */
export const detachInterface: Verb<SwitchInterface> = (draft, request) => {
  const wrong = refusalOf(draft, request);
  if (wrong.length > 0) return wrong;
  const { interface: id } = request;
  if (draft.detached[id] !== undefined)
    return [refuse('provider/no-change', 'vni', 'it is detached already')];
  draft.detached[id] = { id };
  return DONE;
};

/** It is attached to its NAT instance again (FIG. 6, 614). */
export const attachInterface: Verb<SwitchInterface> = (draft, request) => {
  const wrong = refusalOf(draft, request);
  if (wrong.length > 0) return wrong;
  const { interface: id } = request;
  if (draft.detached[id] === undefined)
    return [refuse('provider/no-change', 'vni', 'it is attached already')];
  delete draft.detached[id];
  return DONE;
};

function refusalOf(draft: ModelDraft, { interface: id, by }: SwitchInterface) {
  const vni = draft.interfaces[id];
  if (vni === undefined) return [unknown('vni', id)];
  if (by === 'provider') return [];
  return [
    refuse('provider/locked', 'by', `${vni.name ?? id} is the provider’s, and the customer cannot change it`),
  ];
}
