import { nanos, SECOND, seededRandom } from '../src/base/index.ts';
import { type Demand, PROFILES, serveDemand } from '../src/hsm/index.ts';
import { amount, measure, printTable, type Row } from './measure.ts';

const HOUR = nanos(3600 * SECOND);

/** Clients of two modules, a millisecond away, that want signatures for an hour. */
function hourOf(rate: number): Demand {
  const { engines, waiting, times } = PROFILES['luna-sa-7000'];
  const server = { engines, waiting, takes: times.CKM_ECDSA_SHA256 ?? nanos(0) };
  return {
    from: nanos(0),
    until: HOUR,
    rate,
    arrivals: 'random',
    clients: Array.from({ length: 16 }, (_, client) => ({
      spans: [
        {
          from: nanos(0),
          until: nanos(2 * HOUR),
          module: client % 2,
          code: null,
          trips: [nanos(1_000_000), nanos(1_100_000), nanos(1_200_000)],
        },
      ],
    })),
    modules: [server, server],
    trips: 2,
    timeout: SECOND,
  };
}

/** What an hour of a cluster of two takes to compute. */
function benchLoad(): readonly Row[] {
  return [100, 500, 1500, 2500].map((rate) => {
    const demand = hourOf(rate);
    const whole = measure(`${rate}/s`, 1, () => serveDemand(demand, seededRandom(1, 'load')).answered, 3);
    return {
      'asked for': `${rate}/s`,
      operations: amount(rate * 3600),
      'seconds for an hour': (whole.nanosEach / 1e9).toFixed(2),
      'operations/s': amount((rate * 3600 * 1e9) / whole.nanosEach),
    };
  });
}

printTable('An hour of a cluster of two modules that can do 2000 signatures a second', benchLoad());
