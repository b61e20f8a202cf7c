import { port, portRange } from '../../src/address/index.ts';
import { later, seconds } from '../../src/base/index.ts';
import { STEPS, type View } from '../../src/dataplane/index.ts';
import type { Outcome } from '../../src/dataplane/outcome.ts';
import { type Fault, ipv4Of, seenAs, withSteps } from './fault.ts';
import * as mappings from './laws-of-mappings.ts';
import * as translation from './laws-of-translation.ts';

/* What can go wrong with mappings, and with what routers say. */

const destinationMatters = withSteps(
  'a mapping that should be one for all destinations depends on them',
  {
    translate: (stage, ...rest) =>
      STEPS.translate({ ...stage, mapping: 'address-and-port-dependent' }, ...rest),
  },
  mappings.onePortForAll,
);

const forgetsMappings = withSteps(
  'the mapping of a client’s port is not looked up',
  {
    translate: (stage, seen, frame) =>
      STEPS.translate(
        stage,
        seenAs(seen, () => ({ mappedPort: () => null })),
        frame,
      ),
  },
  mappings.onePortForAll,
);

const anyClass = withSteps(
  'a client on a low port gets a high one',
  {
    translate: (stage, ...rest) =>
      STEPS.translate({ ...stage, ports: portRange(port(1024), port(65_535)) }, ...rest),
  },
  mappings.portClassKept,
);

const ownTimes = withSteps(
  'every mapping lives an hour',
  {
    translate(stage, seen, frame) {
      const right = STEPS.translate(stage, seen, frame);
      const { effect } = right;
      if (effect?.kind !== 'connection-opened' && effect?.kind !== 'connection-touched') return right;
      return { ...right, effect: { ...effect, expiresAt: later(seen.now, seconds(3600)) } };
    },
  },
  mappings.livesAsLong,
);

/** The first connection of a table, kept alive by whatever passes. */
function touches(right: Outcome, seen: View, table: number): Outcome {
  const [slot] = seen.connections(table).slots(seen.now);
  if (slot === undefined) return right;
  const expiresAt = later(seen.now, seconds(300));
  return { ...right, effect: { kind: 'connection-touched', table, slot, state: 2, expiresAt } };
}

const errorsRefresh = withSteps(
  'an ICMP error keeps a mapping alive',
  {
    translate(stage, seen, frame) {
      const right = STEPS.translate(stage, seen, frame);
      const isError = ipv4Of(frame)?.body.kind === 'icmp-error';
      return isError && right.verdict === 'continue' ? touches(right, seen, stage.table) : right;
    },
  },
  mappings.errorsChangeNothing,
);

const droppedAndKept = withSteps(
  'a packet that is dropped keeps a connection alive',
  {
    translate(stage, seen, frame) {
      const right = STEPS.translate(stage, seen, frame);
      return right.verdict === 'drop' ? touches(right, seen, stage.table) : right;
    },
  },
  mappings.refusedLeavesNoTrace,
);

const anyPortReports = withSteps(
  'a reverse mapping is for every port',
  {
    translate(stage, seen, frame) {
      const body = ipv4Of(frame)?.body;
      const { reverse } = stage;
      const [mapping] = reverse?.mappings ?? [];
      if (reverse === null || mapping === undefined || stage.direction === 'outward') {
        return STEPS.translate(stage, seen, frame);
      }
      if (body?.kind !== 'udp' && body?.kind !== 'tcp') return STEPS.translate(stage, seen, frame);
      const wide = { ...mapping, protocol: body.kind, port: body.target };
      return STEPS.translate({ ...stage, reverse: { ...reverse, mappings: [wide] } }, seen, frame);
    },
  },
  mappings.onlyRegistered,
  translation.nothingUnsolicited,
);

const endlessErrors = withSteps(
  'errors are sent without end',
  () => ({
    route: (stage, seen, frame) => STEPS.route(stage, { ...bound(seen), mayReport: () => true }, frame),
    translate: (stage, seen, frame) =>
      STEPS.translate(stage, { ...bound(seen), mayReport: () => true }, frame),
  }),
  mappings.fewErrors,
);

const firstDoorForAll = withSteps(
  'all that an HSM sends enters the first NAT instance of its service network',
  {
    locate(stage, seen, frame) {
      const right = STEPS.locate(stage, seen, frame);
      const [first] = stage.mappings.values();
      if (stage.bridged || right.verdict !== 'forward' || first === undefined) return right;
      return { ...right, to: first.to, frame: { link: first.routed, body: frame.body } };
    },
  },
  mappings.homeByTheSameDoor,
);

function bound(seen: View): View {
  return seenAs(seen, () => ({}));
}

export const FAULTS_OF_MAPPINGS: readonly Fault[] = [
  destinationMatters,
  forgetsMappings,
  anyClass,
  ownTimes,
  errorsRefresh,
  droppedAndKept,
  anyPortReports,
  endlessErrors,
  firstDoorForAll,
];
