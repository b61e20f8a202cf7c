import type { Mac } from '../address/index.ts';
import type { MechanismKind } from '../packet/index.ts';
import { ANY } from './set-node.ts';

/** What is known of a frame when no network header is looked at. Equal contexts are one object. */
export interface Context {
  /** from 0, in the order of their making */
  readonly id: number;
  /** 802.1Q identifier, `null` without a tag, ANY where the sender may choose */
  readonly vlan: number | null;
  /** link address it is sent to, ANY where that is not known */
  readonly target: Mac | typeof ANY;
  readonly inner: Wrapper | null;
}

/** A tunnel's wrapper, and the context of what is in it. */
export interface Wrapper {
  readonly by: 'vxlan' | MechanismKind;
  /** the segment id of VXLAN, or what the receiver of a sealed packet knows the key by */
  readonly number: number;
  readonly around: Context;
}

/** All contexts of one search. */
export class Contexts {
  readonly #known = new Map<string, Context>();

  /** What a machine puts on its wire: it chooses tag and target, and no wrapper is real. */
  readonly sent: Context = this.of(ANY, ANY, null);

  of(vlan: Context['vlan'], target: Context['target'], inner: Wrapper | null): Context {
    const name =
      inner === null
        ? `${vlan} ${target}`
        : `${vlan} ${target} ${inner.by} ${inner.number} ${inner.around.id}`;
    let context = this.#known.get(name);
    if (context === undefined) {
      context = { id: this.#known.size, vlan, target, inner };
      this.#known.set(name, context);
    }
    return context;
  }

  tagged(context: Context, vlan: Context['vlan']): Context {
    return context.vlan === vlan ? context : this.of(vlan, context.target, context.inner);
  }

  towards(context: Context, target: Context['target']): Context {
    return context.target === target ? context : this.of(context.vlan, target, context.inner);
  }
}
