import type { Cidr, Ip } from '../address/index.ts';
import type { Stepped } from './steps.ts';

/* What customers change about where their networks lead, as a scenario says it. */

export type NetworkStep = AddRoute | RemoveRoute | SwitchGateway | Peer | AcceptPeering | OpenChannel;

export interface AddRoute extends Stepped {
  readonly kind: 'add-route';
  readonly customer: string;
  readonly subnet: string;
  readonly to: Cidr;
  /** the name of a gateway, an instance or a peering; `null`: a black hole */
  readonly via: string | null;
}

export interface RemoveRoute extends Stepped {
  readonly kind: 'remove-route';
  readonly customer: string;
  readonly subnet: string;
  readonly to: Cidr;
}

export interface SwitchGateway extends Stepped {
  readonly kind: 'attach-gateway' | 'detach-gateway';
  readonly customer: string;
  readonly gateway: string;
}

export interface Peer extends Stepped {
  readonly kind: 'peer';
  readonly customer: string;
  readonly with: string;
  readonly peering: string;
}

export interface AcceptPeering extends Stepped {
  readonly kind: 'accept-peering';
  readonly customer: string;
  readonly peering: string;
}

export interface OpenChannel extends Stepped {
  readonly kind: 'open-channel';
  readonly customer: string;
  readonly channel: 'ipsec' | 'wireguard' | 'direct';
  /** `null`: the provider chooses */
  readonly public: Ip | null;
  readonly propagates: boolean;
}
