/** FIG. 3 round trips per second: `npx tsx bench/round-trips.ts`. A trip is a UDP datagram and its answer. */
import { port } from '../src/address/index.ts';
import { type Nanos, nanos, present } from '../src/base/index.ts';
import { type JourneyId, type Recorder, TraceRecorder } from '../src/dataplane/index.ts';
import { figure3, request } from './figure3.ts';
import { amount, measure, printTable, type Row, type Speed } from './measure.ts';
import { naiveRoundTrip } from './naive-path.ts';
import { tenants } from './networks.ts';

const TRIPS = 100_000;
const FIRST_PORT = 1024;
const PORTS = 60_000;
/** round trips whose traces are kept at a time */
const KEPT = 20;
/** The default lifetime of a UDP mapping: so long a connection stays live after its last packet. */
const LIFETIME_NS = 300e9;

/** `flows` connections, used in turn. */
function established(
  name: string,
  flows: number,
  recorder: Recorder | null,
  letGo: () => void = () => undefined,
): Speed {
  const bench = figure3(tenants(1));
  const { engine } = bench;
  const client = present(bench.clients[0], 'a client');
  engine.recorder = recorder;
  const packets = Array.from({ length: flows }, (_, index) => request(port(FIRST_PORT + index), port(1792)));
  return measure(name, TRIPS, () => {
    for (let trip = 0; trip < TRIPS; trip += 1) {
      // what a trace keeps is let go after some trips: a run that keeps all of it pays for memory, not for tracing
      if (trip % KEPT === 0) letGo();
      engine.send(client, present(packets[trip % flows], 'a packet of the flow'));
      engine.run();
    }
    return bench.answered;
  });
}

/** Every trip opens a connection; time passes so that `live` of them are alive at once. */
function opening(name: string, live: number): Speed {
  const bench = figure3(tenants(1));
  const { engine } = bench;
  const client = present(bench.clients[0], 'a client');
  const gap = LIFETIME_NS / live;
  let next = 0;
  return measure(name, TRIPS, () => {
    for (let trip = 0; trip < TRIPS; trip += 1) {
      const number = next;
      next += 1;
      const targetPort = port(2000 + (Math.floor(number / PORTS) % 32));
      engine.send(client, request(port(FIRST_PORT + (number % PORTS)), targetPort));
      engine.run();
      engine.run(nanos(engine.now + gap) as Nanos);
    }
    return bench.answered;
  });
}

/** Keeps references to the last steps in a ring, as a tool that shows only the end of a run would. */
function ring(size: number): Recorder {
  const steps = new Array<readonly [JourneyId, unknown, unknown, unknown] | null>(size).fill(null);
  let at = 0;
  return {
    begin: () => undefined,
    record: (journey, _place, stage, before, outcome) => {
      steps[at] = [journey, stage, before, outcome];
      at = (at + 1) % size;
    },
  };
}

/** What one trip meets once everybody's address is known, counted rather than remembered. */
function lengthOfTrip(): { readonly stages: number; readonly links: number } {
  const { engine, clients } = figure3(tenants(1));
  const client = present(clients[0], 'a client');
  const sent = (): void => {
    engine.send(client, request(port(FIRST_PORT), port(1792)));
    engine.run();
  };
  sent();
  let [stages, links] = [0, 0];
  engine.recorder = {
    begin: () => undefined,
    record: (_journey, _place, { kind }) => {
      stages += 1;
      if (kind === 'transmit') links += 1;
    },
  };
  sent();
  return { stages, links };
}

function benchRoundTrips(): void {
  const naive = measure('written naively, 2,000 live flows', TRIPS, () => {
    let sum = 0;
    for (let trip = 0; trip < TRIPS; trip += 1) sum += naiveRoundTrip(FIRST_PORT + (trip % 2000));
    return sum;
  });
  const kept = ring(2048);
  const trace = new TraceRecorder();
  const speeds = [
    established('verdicts only, 1 live flow', 1, null),
    established('verdicts only, 2,000 live flows', 2000, null),
    opening('every packet a new connection, 8,000 live', 8_000),
    opening('every packet a new connection, 128,000 live', 128_000),
    established('references in a ring of 2,048 steps', 2000, kept),
    established('full trace, the last 20 trips kept', 2000, trace, () => trace.clear()),
  ];
  const rows = [naive, ...speeds].map(
    (speed): Row => ({
      'FIG. 3': speed.name,
      'round trips/s': amount(speed.perSecond),
      'µs each': (speed.nanosEach / 1000).toFixed(2),
      'of naive': `${(speed.perSecond / naive.perSecond).toFixed(1)}`,
    }),
  );
  const { stages, links } = lengthOfTrip();
  printTable(`FIG. 3 round trips (${stages} stages, ${links} links each)`, rows);
}

benchRoundTrips();
