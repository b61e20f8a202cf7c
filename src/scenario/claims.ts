import type { Ipv4 } from '../address/index.ts';
import type { Customer, DeviceReference, Traffic } from './scenario.ts';

/** A claim with its names as they stand in the file. */
export type ClaimText =
  | { readonly kind: 'isolated'; readonly from: string; readonly to: string }
  | { readonly kind: 'sees-only'; readonly device: string; readonly sources: readonly Ipv4[] }
  | { readonly kind: 'reaches'; readonly from: string; readonly to: string; readonly traffic: Traffic };

/** One end of a claim. A customer means every device in its network. */
export type Party =
  | { readonly kind: 'device'; readonly device: DeviceReference }
  | { readonly kind: 'customer'; readonly customer: Customer };

/** A claim whose names were found. */
export type Claim =
  | { readonly kind: 'isolated'; readonly from: Party; readonly to: Party }
  | { readonly kind: 'sees-only'; readonly device: DeviceReference; readonly sources: readonly Ipv4[] }
  | { readonly kind: 'reaches'; readonly from: Party; readonly to: Party; readonly traffic: Traffic };
