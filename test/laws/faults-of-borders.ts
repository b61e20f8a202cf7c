import { contains } from '../../src/address/index.ts';
import { STEPS } from '../../src/dataplane/index.ts';
import type { Program, Stage, SubnetRoute } from '../../src/program/index.ts';
import { withStages } from '../support/programs.ts';
import { changed, type Fault, ipv4Of, LETS_PASS, withSteps } from './fault.ts';
import type { ProgramFault } from './faults-in-the-program.ts';
import * as borders from './laws-of-borders.ts';

/* What can go wrong where a virtual network ends. */

const firstRoute = withSteps(
  'the first route of a table that fits decides',
  {
    locate(stage, seen, frame) {
      const lookup = (target: Parameters<typeof stage.routes.lookup>[0]) =>
        stage.routes.entries.findIndex(({ block }) => contains(block, target));
      return STEPS.locate({ ...stage, routes: { ...stage.routes, lookup } }, seen, frame);
    },
  },
  borders.longestPrefix,
);

const staleChecksum = withSteps(
  'a gateway leaves transport checksums as they were',
  {
    'one-to-one': (stage, seen, frame) =>
      changed(STEPS['one-to-one'](stage, seen, frame), (translated) => {
        const [before, packet] = [ipv4Of(frame), ipv4Of(translated)];
        if (before?.body.kind !== 'udp' || packet?.body.kind !== 'udp') return translated;
        const body = { ...packet.body, checksum: before.body.checksum };
        return { link: translated.link, body: { ...packet, body } };
      }),
  },
  borders.oneToOne,
);

const quoteStays = withSteps(
  'a gateway leaves what an ICMP error quotes as it was',
  {
    'one-to-one': (stage, seen, frame) =>
      changed(STEPS['one-to-one'](stage, seen, frame), (translated) => {
        const [before, packet] = [ipv4Of(frame), ipv4Of(translated)];
        if (before?.body.kind !== 'icmp-error' || packet === null) return translated;
        return { link: translated.link, body: { ...packet, body: before.body } };
      }),
  },
  borders.oneToOne,
);

const lending = withSteps(
  'a gateway lends its first public address to whoever has none',
  {
    'one-to-one'(stage, seen, frame) {
      const [lent] = stage.addresses.values();
      const source = ipv4Of(frame)?.source;
      if (lent === undefined || source === undefined || stage.direction === 'inward') {
        return STEPS['one-to-one'](stage, seen, frame);
      }
      const addresses = new Map([[source, lent], ...stage.addresses]);
      return STEPS['one-to-one']({ ...stage, addresses }, seen, frame);
    },
  },
  borders.setsContainBeyond,
);

const carriesAnything = withSteps(
  'the Internet carries private addresses',
  { global: () => LETS_PASS },
  borders.nothingPrivateOutside,
);

export const FAULTS_OF_BORDERS: readonly Fault[] = [
  firstRoute,
  staleChecksum,
  quoteStays,
  lending,
  carriesAnything,
];

/** Stages of the virtual switches, with the device that each is on. */
function switches(program: Program): readonly (readonly [number, Stage<'locate'>])[] {
  return program.places.flatMap(({ device, stages }) =>
    stages.flatMap((stage) => (stage.kind === 'locate' ? [[device, stage] as const] : [])),
  );
}

const openAtOnce: ProgramFault = {
  name: 'a peering is open before it is accepted',
  change(program) {
    const known = switches(program);
    const deviceOf = new Map(known.map(([device, { id }]) => [id, device]));
    const opened = (stage: Stage<'locate'>, route: SubnetRoute): SubnetRoute => {
      if (route.kind !== 'dead' || route.cause !== 'not-accepted') return route;
      const there = known.find(
        ([device, { vn }]) =>
          device === deviceOf.get(stage.id) && vn !== stage.vn && route.towards.split('-').includes(vn),
      );
      if (there === undefined) return route;
      const [, { mappings, vn: network }] = there;
      return { kind: 'peering', peering: route.towards, network, mappings, from: null };
    };
    return withStages(program, (stage) => {
      if (stage.kind !== 'locate') return stage;
      const entries = stage.routes.entries.map(({ block, value }) => ({
        block,
        value: opened(stage, value),
      }));
      return { ...stage, routes: { ...stage.routes, entries, lookup: stage.routes.lookup } };
    });
  },
  caughtBy: [borders.peersAgree],
};

const wrongMachine: ProgramFault = {
  name: 'a gateway leads its public addresses to a machine that has none',
  change(program) {
    const behind = new Map(
      program.places.flatMap(({ stages }) => {
        const locate = stages.find((stage) => stage.kind === 'locate');
        return stages.flatMap((stage) =>
          stage.kind === 'one-to-one' && locate?.kind === 'locate' ? [[stage.id, locate] as const] : [],
        );
      }),
    );
    return withStages(program, (stage) => {
      if (stage.kind !== 'one-to-one') return stage;
      const published = new Set(stage.addresses.values());
      const others = [...(behind.get(stage.id)?.mappings.keys() ?? [])].filter((own) => !published.has(own));
      const [wrong] = others;
      if (wrong === undefined) return stage;
      return { ...stage, addresses: new Map([...stage.addresses.keys()].map((own) => [own, wrong])) };
    });
  },
  caughtBy: [borders.privateSubnets],
};

export const FAULTS_OF_BORDERS_IN_THE_PROGRAM: readonly ProgramFault[] = [openAtOnce, wrongMachine];
