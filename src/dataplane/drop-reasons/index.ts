import type { DropExplanation } from './explanation.ts';
import { CHANNEL_REASONS, type ChannelReason } from './of-channels.ts';
import { GATEWAY_REASONS, type GatewayReason } from './of-gateways.ts';
import { LINK_REASONS, type LinkReason } from './of-links.ts';
import { ROUTER_REASONS, type RouterReason } from './of-routers.ts';
import { SIZE_REASONS, type SizeReason } from './of-sizes.ts';
import { TRANSLATION_REASONS, type TranslationReason } from './of-translation.ts';
import { TUNNEL_REASONS, type TunnelReason } from './of-tunnels.ts';
import { VIRTUAL_NETWORK_REASONS, type VirtualNetworkReason } from './of-virtual-networks.ts';

export type { DropExplanation } from './explanation.ts';

/** Codes are `room.reason`; each stands in {@link DROP_REASONS} and in a scenario or test that shows it. */
export type DropReason =
  | VirtualNetworkReason
  | RouterReason
  | TunnelReason
  | TranslationReason
  | GatewayReason
  | ChannelReason
  | LinkReason
  | SizeReason;

export const DROP_REASONS: { readonly [Code in DropReason]: DropExplanation } = {
  ...VIRTUAL_NETWORK_REASONS,
  ...ROUTER_REASONS,
  ...TUNNEL_REASONS,
  ...TRANSLATION_REASONS,
  ...SIZE_REASONS,
  ...GATEWAY_REASONS,
  ...CHANNEL_REASONS,
  ...LINK_REASONS,
};
