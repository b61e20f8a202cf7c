import type { EndpointText, ModuleEndpointText, Named } from './scenario-text.ts';

/* What a file says of a customer's premises and of their channel. */

export interface PremisesText {
  readonly cidr: string;
  readonly gateway: string;
  readonly public: string;
  readonly lan?: string;
  readonly hosts?: Named<{
    readonly address: string;
    readonly 'hsm-client'?: boolean;
    readonly listen?: Named<EndpointText>;
  }>;
  readonly hsms?: Named<{
    readonly address: string;
    readonly model?: string;
    readonly endpoint?: ModuleEndpointText;
    readonly port?: number;
  }>;
  readonly rpeds?: Named<{ readonly address: string; readonly model?: string }>;
}

export interface OpenChannelText extends ChannelText {
  readonly customer: string;
}

export interface ChannelText {
  readonly kind: 'ipsec' | 'wireguard' | 'direct';
  readonly public?: string;
  readonly propagate?: boolean;
}
