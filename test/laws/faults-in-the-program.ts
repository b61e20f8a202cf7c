import { ANY_PORT, cidr, type Ipv4, ipv4 } from '../../src/address/index.ts';
import {
  type PortMode,
  type Program,
  ruleTable,
  type Stage,
  type Switch,
  type Tag,
} from '../../src/program/index.ts';
import { withStages } from '../support/programs.ts';
import type { Law } from './law.ts';
import * as acls from './laws-of-acls.ts';
import * as proofs from './laws-of-proofs.ts';
import * as ways from './laws-of-ways.ts';

/** A Program that says something else than the model: what a mistake in the compiler would make of it. */
export interface ProgramFault {
  readonly name: string;
  readonly change: (program: Program) => Program;
  readonly caughtBy: readonly Law[];
}

const guardOff: ProgramFault = {
  name: 'no guard looks at the source address',
  change: (program) =>
    withStages(program, (stage) => (stage.kind === 'guard' ? { ...stage, addresses: null } : stage)),
  caughtBy: [proofs.sourcesAreProved],
};

const sourceStays: ProgramFault = {
  name: 'no source is rewritten, and no guard minds',
  change: (program) =>
    withStages(program, (stage) => {
      if (stage.kind === 'guard') return { ...stage, addresses: null };
      return stage.kind === 'translate' ? { ...stage, sourceRewrite: false } : stage;
    }),
  caughtBy: [proofs.sourcesAreProved, ways.addressesAreHidden],
};

const segmentShared: ProgramFault = {
  name: 'all service networks share one segment id',
  change(program) {
    const wraps = program.stages.flatMap((stage) =>
      stage.kind === 'wrap' && stage.from.record.includes('/') ? [stage.segment] : [],
    );
    const shared = Math.min(...wraps);
    return withStages(program, (stage) =>
      stage.kind === 'wrap' && stage.from.record.includes('/') ? { ...stage, segment: shared } : stage,
    );
  },
  caughtBy: [proofs.tenantsAreApart],
};

const segmentOfCustomer: ProgramFault = {
  name: 'what a service network carries is wrapped in the segment of its customer',
  change(program) {
    const segments = new Map(
      program.stages.flatMap((stage) =>
        stage.kind === 'unwrap' ? [...stage.segments].map(([number, { vn }]) => [vn, number] as const) : [],
      ),
    );
    return withStages(program, (stage) => {
      const [, customer = ''] = /(\S+)\/\d+$/.exec(stage.from.record) ?? [];
      const segment = segments.get(customer);
      return stage.kind === 'wrap' && segment !== undefined ? { ...stage, segment } : stage;
    });
  },
  caughtBy: [ways.addressesAreHidden],
};

const vlanShared: ProgramFault = {
  name: 'every HSM is patched into one VLAN',
  change(program) {
    const modes = program.stages.filter(
      (stage): stage is Stage<'switch'> => stage.kind === 'switch' && stage.mode.kind === 'access',
    );
    const vlans = modes.flatMap(({ mode }) => (mode.kind === 'access' && mode.vlan !== 0 ? [mode.vlan] : []));
    const shared = Math.min(...vlans);
    const patched = (mode: PortMode): PortMode =>
      mode.kind === 'access' && mode.vlan !== 0 ? { kind: 'access', vlan: shared } : mode;
    const everybody = (members: Switch['members']): Switch['members'] => {
      const ports = [...members.values()].flat();
      const once = ports.filter(({ to }, index) => ports.findIndex((other) => other.to === to) === index);
      return new Map([[shared, once]]);
    };
    return withStages(program, (stage) => {
      if (stage.kind === 'tag') return { ...stage, mode: patched((stage as Tag).mode) };
      if (stage.kind !== 'switch' || stage.fixed !== null) return stage;
      return { ...stage, mode: patched(stage.mode), members: everybody(stage.members) };
    });
  },
  caughtBy: [proofs.tenantsAreApart],
};

const wrongTarget: ProgramFault = {
  name: 'NAT instances lead to an address that is not the HSM’s',
  change: (program) =>
    withStages(program, (stage) =>
      stage.kind === 'translate' ? { ...stage, target: ipv4((stage.target as Ipv4) + 9) } : stage,
    ),
  caughtBy: [proofs.clientsReach],
};

const firewallOpen: ProgramFault = {
  name: 'firewalls are compiled without their rules',
  change(program) {
    const everything = { protocol: 'any' as const, peer: cidr(ipv4(0), 0), from: null };
    return withStages(program, (stage) =>
      stage.kind === 'filter' ? { ...stage, rules: ruleTable([{ ...everything, ports: ANY_PORT }]) } : stage,
    );
  },
  caughtBy: [proofs.clientsReach],
};

const lenient: ProgramFault = {
  name: 'an ACL with many denials is compiled without them',
  change: (program) =>
    withStages(program, (stage) => {
      if (stage.kind !== 'acl') return stage;
      const { entries } = stage.rules;
      const many = entries.filter(({ action }) => action === 'deny').length > 2;
      return many
        ? { ...stage, rules: ruleTable(entries.filter(({ action }) => action === 'allow')) }
        : stage;
    }),
  caughtBy: [acls.aDenyNeverOpens],
};

const byAnother: ProgramFault = {
  name: 'somebody else translates in the place of a NAT instance',
  change(program) {
    const another = program.devices.findIndex(({ role }) => role === 'overlay-device');
    const places = program.places.map((place) =>
      program.devices[place.device]?.role === 'nat-instance' ? { ...place, device: another } : place,
    );
    return { ...program, places };
  },
  caughtBy: [ways.onlyByTheInstance],
};

export const FAULTS_IN_THE_PROGRAM: readonly ProgramFault[] = [
  guardOff,
  sourceStays,
  segmentShared,
  segmentOfCustomer,
  vlanShared,
  wrongTarget,
  firewallOpen,
  lenient,
  byAnother,
];
