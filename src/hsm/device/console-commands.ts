import type { Nanos } from '../../base/index.ts';
import type { Role } from '../access/role.ts';
import type { Hex } from '../cryptography/bytes.ts';
import type { PartitionState } from '../partitions/partition.ts';
import type { Command, Nothing } from './commands.ts';
import type { PolicyName } from './policy.ts';
import type { AuditEntry, Life } from './state.ts';

/** Commands that a quorum of officers approves. */
export type QuorumKind = 'delete-partition' | 'reinitialise-partition' | 'change-policy' | 'entrust-zone';

/** What is said at the console, port 22. Where Luna has a command of the kind, it is named. */
export interface ConsoleCommands {
  login: { takes: { readonly name: string; readonly secret: string }; gives: { readonly role: Role } };
  logout: { takes: Nothing; gives: Nothing };
  /** public things: who answers, and in which state (`hsm show`) */
  show: { takes: Nothing; gives: ModuleFacts };
  'show-log': { takes: Nothing; gives: { readonly entries: readonly AuditEntry[] } };
  'change-password': {
    takes: { readonly old: string; readonly fresh: string };
    gives: Nothing;
  };

  /** 408 makes a 410; the password is shown once */
  'create-administrator': { takes: { readonly name: string }; gives: { readonly password: string } };
  'set-network': { takes: { readonly network: string }; gives: Nothing };
  /** `target: null` removes; each side its own (B-10) */
  'set-log-target': { takes: { readonly target: string | null }; gives: Nothing };
  /** puts other firmware on the module; an older one destroys every secret first, as on Luna (U-21) */
  'upgrade-firmware': { takes: { readonly version: string }; gives: { readonly erased: boolean } };
  'set-clock': { takes: { readonly timezone: string; readonly offset: number }; gives: Nothing };
  /** destroys every secret of the customer (`hsm zeroize`) */
  zeroise: { takes: Nothing; gives: Nothing };
  /** and makes the module new for somebody else (`hsm factoryReset`) */
  'factory-reset': { takes: Nothing; gives: Nothing };

  /** InitializeHSM (`hsm init`): erases everything and makes security officers, `quorum` of whom act together */
  initialise: {
    takes: {
      readonly label: string;
      readonly officers: readonly { readonly name: string; readonly secret: string }[];
      readonly quorum: number;
      /** policies that are not to be as usual */
      readonly policies: { readonly [Name in PolicyName]?: number };
    };
    gives: Nothing;
  };
  'create-officer': { takes: { readonly name: string; readonly secret: string }; gives: Nothing };
  'delete-officer': { takes: { readonly name: string }; gives: Nothing };
  /** a new key pair and certificate of the module (`sysconf regenCert`); clients must learn it anew */
  'regenerate-identity': { takes: Nothing; gives: { readonly signing: Hex; readonly agreement: Hex } };

  /** announces a command that needs a quorum; the proposer approves by it */
  propose: {
    takes: { readonly proposed: Command<QuorumKind> };
    gives: { readonly proposal: string; readonly nonce: Hex; readonly digest: Hex };
  };
  /** `digest` is that of what the approver believes to approve (P12) */
  approve: {
    takes: { readonly proposal: string; readonly digest: Hex };
    gives: { readonly approvals: number };
  };
  'create-partition': {
    takes: { readonly name: string; readonly quota: number | null };
    gives: { readonly serial: string };
  };
  'delete-partition': { takes: { readonly name: string; readonly proposal: string | null }; gives: Nothing };
  'list-partitions': { takes: Nothing; gives: { readonly partitions: readonly PartitionFacts[] } };
  /** erases its keys and users and keeps its officer (`partition init` again) */
  'reinitialise-partition': {
    takes: { readonly name: string; readonly proposal: string | null };
    gives: Nothing;
  };
  /** sets the PIN of a crypto user, and of a crypto officer where policy `reset-pin` is on */
  'set-pin': {
    takes: {
      readonly partition: string;
      readonly role: 'crypto-officer' | 'crypto-user';
      readonly pin: string;
    };
    gives: Nothing;
  };
  /** `client register`: the certificate's fingerprint, never an address */
  'register-client': {
    takes: { readonly name: string; readonly certificate: Hex; readonly expires: Nanos | null };
    gives: Nothing;
  };
  'delete-client': { takes: { readonly name: string }; gives: Nothing };
  'list-clients': { takes: Nothing; gives: { readonly clients: readonly ClientFacts[] } };
  'assign-client': {
    takes: { readonly client: string; readonly partition: string };
    gives: { readonly slot: number };
  };
  'revoke-client': { takes: { readonly client: string; readonly partition: string }; gives: Nothing };
  /** `hsm changePolicy`; a destructive change zeroises, and the value is for the next InitializeHSM to choose */
  'change-policy': {
    takes: { readonly policy: PolicyName; readonly value: number; readonly proposal: string | null };
    gives: { readonly erased: boolean };
  };
}

export interface ModuleFacts {
  readonly serial: string;
  readonly firmware: string;
  readonly label: string;
  readonly life: Life;
  readonly tampered: boolean;
  readonly generation: number;
  /** public halves of the module's own keys */
  readonly signing: Hex;
  readonly agreement: Hex;
  readonly policies: Readonly<Record<PolicyName, number>>;
  readonly network: string;
  readonly timezone: string;
  readonly logTargets: readonly string[];
}

export interface PartitionFacts {
  readonly name: string;
  readonly serial: string;
  readonly label: string;
  readonly state: PartitionState;
  readonly objects: number;
  readonly quota: number;
}

export interface ClientFacts {
  readonly name: string;
  readonly certificate: Hex;
  readonly expires: Nanos | null;
  readonly partitions: readonly string[];
}
