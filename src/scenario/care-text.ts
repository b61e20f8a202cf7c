/* What is done about devices that are there, as its file says it. */

export type MessageSortText = 'syslog' | 'traps';

export interface LogTargetText {
  readonly customer: string;
  readonly hsm: string;
  readonly sort?: MessageSortText;
}

export interface RemoveLogTargetText extends LogTargetText {
  readonly whose?: 'customer' | 'provider';
}

export interface SwitchInterfaceText {
  readonly vni: string;
  readonly by?: 'customer' | 'provider';
}

export interface ReplaceHsmText {
  readonly hsm: string;
  readonly by: string;
}

export interface ShareHsmText {
  readonly customer: string;
  readonly hsm: string;
  readonly with: string;
}

export interface ConfigureClientText {
  readonly machine: string;
  readonly installed?: boolean;
}

export interface TamperText {
  readonly device: string;
}

export interface TerminateText {
  readonly instance: string;
}

export interface LogText {
  readonly from: string;
  readonly sort?: MessageSortText;
  readonly text: string;
}

export type PanelDeedText =
  | 'power-off'
  | 'power-on'
  | 'suspend'
  | 'restore-service'
  | 'reclaim'
  | 'tamper-alarm'
  | 'tamper-breach';

export interface PanelText {
  readonly hsm: string;
  readonly do: PanelDeedText;
  readonly period?: string;
}

/** Exactly one of them is there in such a step. */
export interface CareText {
  readonly 'add-log-target'?: LogTargetText;
  readonly 'remove-log-target'?: RemoveLogTargetText;
  readonly 'detach-vni'?: SwitchInterfaceText;
  readonly 'attach-vni'?: SwitchInterfaceText;
  readonly 'replace-hsm'?: ReplaceHsmText;
  readonly 'share-hsm'?: ShareHsmText;
  readonly 'unshare-hsm'?: ShareHsmText;
  readonly 'configure-client'?: ConfigureClientText;
  readonly tamper?: TamperText;
  readonly terminate?: TerminateText;
  readonly log?: LogText;
  readonly panel?: PanelText;
}
