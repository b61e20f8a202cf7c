import { writeCapture } from '../../report/index.ts';
import { historyOf, runScenario } from '../../scenario/index.ts';
import { writeOutput } from '../files.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { complain } from '../terminal.ts';

export interface CaptureOptions {
  readonly output: string;
}

/** `vnsim capture FILE -o OUT`: everything that crossed a link, for Wireshark and tshark. */
export function captureCommand(file: string, options: CaptureOptions): void {
  const scenario = openScenario(file);
  const { world } = orComplain(runScenario(scenario));
  const bytes = writeCapture({ parts: historyOf(world), seed: scenario.seed });
  writeOutput(options.output, bytes);
  complain(`wrote ${options.output}: ${bytes.length} bytes, ${world.trace.count} packets on their way\n`);
}
