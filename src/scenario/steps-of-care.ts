import type { Nanos } from '../base/index.ts';
import type { MessageSort } from '../model/index.ts';
import type { PanelDeedText } from './care-text.ts';
import type { DeviceReference } from './expected.ts';
import type { Stepped } from './steps.ts';

/* What is done about devices that are there, as a scenario says it. */

export type CareStep =
  | LogTargetStep
  | SwitchInterfaceStep
  | ReplaceHsmStep
  | ShareHsmStep
  | ConfigureClientStep
  | TamperStep
  | TerminateStep;

/** A customer has an HSM report to its collector, or not any more. */
export interface LogTargetStep extends Stepped {
  readonly kind: 'add-log-target' | 'remove-log-target';
  readonly customer: string;
  readonly hsm: DeviceReference;
  readonly sort: MessageSort;
  /** whose target it is */
  readonly whose: 'customer' | 'provider';
}

/** An interface is taken off its NAT instance, or put back. */
export interface SwitchInterfaceStep extends Stepped {
  readonly kind: 'detach-vni' | 'attach-vni';
  readonly vni: DeviceReference;
  readonly by: 'customer' | 'provider';
}

/** The provider puts another module in the place of one. */
export interface ReplaceHsmStep extends Stepped {
  readonly kind: 'replace-hsm';
  readonly hsm: DeviceReference;
  readonly by: DeviceReference;
}

/** The customer of a module lets another customer use it, or not any more. */
export interface ShareHsmStep extends Stepped {
  readonly kind: 'share-hsm' | 'unshare-hsm';
  readonly customer: string;
  readonly hsm: DeviceReference;
  readonly with: string;
}

/** A customer puts client software on a machine, or takes it off. */
export interface ConfigureClientStep extends Stepped {
  readonly kind: 'configure-client';
  readonly machine: DeviceReference;
  readonly installed: boolean;
}

/** Somebody opens a device that must not be opened. */
export interface TamperStep extends Stepped {
  readonly kind: 'tamper';
  readonly device: DeviceReference;
}

/** A device of a customer's goes. */
export interface TerminateStep extends Stepped {
  readonly kind: 'terminate';
  readonly instance: DeviceReference;
}

/** Something happens that a device reports, to all it has to report to. */
export interface LogStep extends Stepped {
  readonly kind: 'log';
  readonly device: DeviceReference;
  readonly sort: MessageSort;
  readonly text: string;
}

/** What somebody's hands do to a security module. */
export interface PanelStep extends Stepped {
  readonly kind: 'panel';
  readonly hsm: DeviceReference;
  readonly deed: PanelDeedText;
  /** of a suspension: how long until the module may be taken back; zero where none is given */
  readonly period: Nanos;
}
