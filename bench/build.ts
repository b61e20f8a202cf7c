/** Building networks: time and bytes for one more tenant. `npx tsx bench/build.ts`. */
import { Engine } from '../src/dataplane/index.ts';
import { compile } from '../src/program/index.ts';
import { byteAmount, measureBytes, printTable, type Row } from './measure.ts';
import { tenants } from './networks.ts';

const SIZES = [1, 100, 1_000];

function benchBuild(): void {
  // once without a clock, so that the first size is not the one that compiles the code
  new Engine(compile(tenants(100)));
  const rows = SIZES.map((size): Row => {
    const model = measureBytes(() => tenants(size));
    const program = measureBytes(() => compile(model.built));
    const engine = measureBytes(() => new Engine(program.built));
    const millis = (model.millis + program.millis + engine.millis) / size;
    return {
      tenants: size.toLocaleString('en'),
      'provider’s calls': `${(model.millis / size).toFixed(3)} ms`,
      compile: `${(program.millis / size).toFixed(3)} ms`,
      load: `${(engine.millis / size).toFixed(3)} ms`,
      'one tenant': `${millis.toFixed(3)} ms`,
      'model bytes': byteAmount(model.bytes / size),
      'program and engine bytes': byteAmount((program.bytes + engine.bytes) / size),
    };
  });
  printTable('Building FIG. 3 for many tenants', rows);
}

benchBuild();
