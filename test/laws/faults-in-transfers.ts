import { isIpv6, prefixTable } from '../../src/address/index.ts';
import { ruleTable } from '../../src/program/index.ts';
import { FIELD, TRANSFERS, type Transfers } from '../../src/verify/index.ts';
import type { Law } from './law.ts';
import * as endings from './laws-of-endings.ts';
import * as misfortune from './laws-of-misfortune.ts';
import * as proofs from './laws-of-proofs.ts';
import * as underlays from './laws-of-underlays.ts';

/* What the prover could get wrong about a stage, while the engine does what it should. */

export interface TransferFault {
  readonly name: string;
  readonly transfers: Transfers;
  readonly caughtBy: readonly Law[];
}

function planted(name: string, wrong: Partial<Transfers>, ...caughtBy: readonly Law[]): TransferFault {
  return { name, transfers: { ...TRANSFERS, ...wrong }, caughtBy };
}

const notUndone = planted(
  'sets of answers keep the addresses that they had before the NAT instance',
  {
    translate(stage, from, learned) {
      const found = TRANSFERS.translate(stage, from, learned);
      if (stage.direction === 'outward') return found;
      return found.map((answer) => ({ ...answer, header: from.header }));
    },
  },
  proofs.setsContain,
);

const tooWide = planted(
  'a NAT instance takes whatever comes for an answer',
  {
    translate(stage, from, learned) {
      if (stage.direction === 'outward') return TRANSFERS.translate(stage, from, learned);
      const outer = learned.space.numberOf(stage.outer);
      const now = from.header.now.slice();
      [now[2 * FIELD.source], now[2 * FIELD.source + 1]] = [outer, outer];
      [now[2 * FIELD.target], now[2 * FIELD.target + 1]] = [0, learned.space.last];
      return [{ ...from, header: { now, sent: from.header.sent, own: 0 } }];
    },
  },
  proofs.setsAreReal,
);

const vlanLost = planted(
  'a router looks at no tag',
  {
    vlan: (stage, from) =>
      [...stage.subinterfaces.values()].map(({ to }) => ({ ...from, place: to, before: from })),
    accept: (stage, from, learned) =>
      stage.role === 'forwards' ? [from] : TRANSFERS.accept(stage, from, learned),
  },
  proofs.setsAreReal,
);

const anyMatch = planted(
  'an ACL passes what any of its rules allows, whatever comes before it',
  {
    acl(stage, from, learned) {
      const rules = ruleTable(stage.rules.entries.filter(({ action }) => action === 'allow'));
      return TRANSFERS.acl({ ...stage, rules }, from, learned);
    },
  },
  proofs.setsAreReal,
);

const firstRuleAlone = planted(
  'a firewall is read as far as its first rule',
  {
    filter(stage, from, learned) {
      const rules = ruleTable(stage.rules.entries.slice(0, 1));
      return TRANSFERS.filter({ ...stage, rules }, from, learned);
    },
  },
  proofs.setsContain,
);

const nobodyFloods = planted(
  'a bridge that learns sends a frame to its first other port alone',
  {
    switch: (stage, from, learned) => TRANSFERS.switch(stage, from, learned).slice(0, 1),
  },
  proofs.setsContain,
);

const opensIpv4Alone = planted(
  'sets of wrappers of IPv6 are opened by nobody',
  {
    unwrap: (stage, from, learned) => (isIpv6(stage.address) ? [] : TRANSFERS.unwrap(stage, from, learned)),
  },
  underlays.sameProofs,
);

const nobodyForwards = planted(
  'no route leads through a machine that forwards for others',
  {
    locate(stage, from, learned) {
      const entries = stage.routes.entries.filter(({ value }) => value.kind !== 'interface');
      const routes = prefixTable(entries.map(({ block, value }) => ({ block, value })));
      return TRANSFERS.locate({ ...stage, routes }, from, learned);
    },
  },
  endings.circlesAreFound,
);

const luckless = planted(
  'sets of an impaired link are lost, as some of its frames are',
  { impair: () => [] },
  misfortune.setsContainTheImpaired,
);

const emptied = planted(
  'a tunnel end opens wrappers that machines have forged, and no others',
  {
    unwrap: (stage, from, learned) => (from.inner === null ? TRANSFERS.unwrap(stage, from, learned) : []),
  },
  proofs.setsContain,
);

const otherSegment = planted(
  'a wrapper of any segment is opened into each virtual network of a tunnel end',
  {
    unwrap(stage, from, learned) {
      const { inner } = from;
      if (inner === null || inner.by !== 'vxlan') return TRANSFERS.unwrap(stage, from, learned);
      return [...stage.segments.keys()].flatMap((number) =>
        TRANSFERS.unwrap(stage, { ...from, inner: { ...inner, number } }, learned),
      );
    },
  },
  proofs.setsAreReal,
);

const untagged = planted(
  'a router sends what it routes without the VLAN',
  {
    neighbour: (stage, from, learned) => TRANSFERS.neighbour({ ...stage, vlan: null }, from, learned),
  },
  proofs.setsContain,
);

const noWayOut = planted(
  'a virtual switch knows interfaces, and no route to one',
  {
    locate(stage, from, learned) {
      const entries = stage.routes.entries.filter(({ value }) => value.kind !== 'interface');
      const routes = prefixTable(entries.map(({ block, value }) => ({ block, value })));
      return TRANSFERS.locate({ ...stage, routes }, from, learned);
    },
  },
  proofs.setsContain,
);

export const FAULTS_IN_TRANSFERS: readonly TransferFault[] = [
  notUndone,
  tooWide,
  vlanLost,
  anyMatch,
  firstRuleAlone,
  nobodyFloods,
  opensIpv4Alone,
  nobodyForwards,
  luckless,
  emptied,
  otherSegment,
  untagged,
  noWayOut,
];
