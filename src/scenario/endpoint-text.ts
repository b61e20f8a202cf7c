import type { SpeedText } from './speed-text.ts';

/** What an HSM may be besides: the whole security module, with two ports. */
export type ModuleEndpointText =
  | SmallEndpointText
  | 'module'
  | { readonly kind: 'module'; readonly speed?: SpeedText };

/** What any machine may run: an external keystore or a storage service besides. */
export type EndpointText = SmallEndpointText | 'keystore' | StorageText;

/** A storage service, which calls a security module for the keys of its objects. */
export interface StorageText {
  readonly kind: 'storage';
  readonly hsm: string;
  readonly slot?: number;
  readonly pin: string;
  readonly key: string;
  readonly allow: readonly string[];
  readonly remembers?: string;
}

export type SmallEndpointText = 'echo' | 'hsm' | { readonly kind: 'hsm'; readonly key?: 'ed25519' | 'p256' };
