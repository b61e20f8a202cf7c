import type { Cidr, Ip, Mac } from '../address/index.ts';
import type { MechanismKind, SealingKey } from '../packet/index.ts';
import type { PlaceId } from './program.ts';

/** One end of the channel between two sites (FIG. 1, 110): where something goes in, or comes out. */
export interface Channel {
  /** what people call it: `the channel of acme` */
  readonly name: string;
  readonly up: boolean;
  /** what it carries in this direction */
  readonly selectors: Selectors;
  readonly to: PlaceId;
}

/** What may travel through a channel: RFC 4301 calls it the selectors of the policy. */
export interface Selectors {
  readonly sources: readonly Cidr[];
  readonly targets: readonly Cidr[];
}

export interface Seal {
  readonly mechanism: MechanismKind;
  /** index into {@link Program.associations}: whose sequence numbers are used */
  readonly association: number;
  /** what the far gateway knows the key by */
  readonly number: number;
  readonly key: SealingKey;
  readonly source: Ip;
  readonly target: Ip;
  /** the far gateway in words */
  readonly towards: string;
  /** the place that sends it outside */
  readonly to: PlaceId;
}

export interface Open {
  readonly mechanism: MechanismKind;
  /** the gateway's own address outside */
  readonly address: Ip;
  /** link address that an opened packet seems to be for: that of the gateway's side inside */
  readonly mac: Mac;
  /** by SPI, or by the receiver’s index */
  readonly associations: ReadonlyMap<number, OpenAssociation>;
}

export interface OpenAssociation {
  /** index into {@link Program.associations}: whose replay window is kept */
  readonly association: number;
  readonly key: SealingKey;
  readonly selectors: Selectors;
  /** the far gateway in words */
  readonly peer: string;
}
