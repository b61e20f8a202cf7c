import type { Cidr, Ip } from '../address/index.ts';
import type { Customer, DeviceReference, Traffic } from './scenario.ts';

/** What somebody claims; `Name` is how its devices and customers are given. */
type Stated<Name extends { party: unknown; device: unknown; customer: unknown }> =
  | {
      readonly kind: 'isolated';
      readonly from: Name['party'];
      readonly to: Name['party'];
      /** leaves out answers */
      readonly unasked: boolean;
      /** `null`: whatever it is */
      readonly traffic: Traffic | null;
    }
  | { readonly kind: 'sees-only'; readonly device: Name['device']; readonly sources: readonly Cidr[] }
  | {
      readonly kind: 'reaches';
      readonly from: Name['device'];
      /** one of these is enough */
      readonly to: readonly Name['device'][];
      readonly traffic: Traffic;
      /** what may fail, one at a time; `null`: nothing */
      readonly although: Failing | null;
    }
  | {
      readonly kind: 'only-via';
      readonly from: Name['party'];
      readonly to: Name['party'];
      readonly via: Name['device'];
    }
  | {
      readonly kind: 'answered';
      readonly from: Name['device'];
      readonly target: Ip;
      readonly source: Ip;
      readonly traffic: Traffic;
      readonly although: Failing | null;
    }
  | {
      readonly kind: 'hidden';
      readonly customer: Name['customer'];
      readonly beyond: Name['device'];
      /** addresses alone, or whatever else of a frame is the customer's */
      readonly what: 'address' | 'identifier';
    }
  | {
      readonly kind: 'equal';
      /** another scenario, as seen from where this one stands */
      readonly file: string;
      /** what one end sends to the other; `null`: whatever anybody sends to anybody */
      readonly between: { readonly from: Name['party']; readonly to: Name['party'] } | null;
    }
  | { readonly kind: 'no-loop' }
  | { readonly kind: 'no-silent-loss' };

/** What a claim may survive the failure of. */
export type Failing = 'zone' | 'link' | 'device' | 'server' | 'machine';

/** A claim with its names as they stand in the file. */
export type ClaimText = Stated<{ party: string; device: string; customer: string }>;

/** A claim whose names were found. */
export type Claim = Stated<{ party: Party; device: DeviceReference; customer: Customer }>;

/** One end of a claim. A customer means every device in its network. */
export type Party =
  | { readonly kind: 'device'; readonly device: DeviceReference }
  | { readonly kind: 'customer'; readonly customer: Customer };
