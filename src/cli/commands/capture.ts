import { writeCapture } from '../../report/index.ts';
import { historyOf, performScenario } from '../../scenario/index.ts';
import { writeOutput } from '../files.ts';
import { performInterruptibly } from '../interrupt.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { complain } from '../terminal.ts';

export interface CaptureOptions {
  readonly output: string;
}

/** `vnsim capture FILE -o OUT`: everything that crossed a link, for Wireshark and tshark. */
export async function captureCommand(file: string, options: CaptureOptions): Promise<void> {
  const scenario = openScenario(file);
  const performed = await performInterruptibly(performScenario(scenario), () => 'nothing was written');
  const { world } = orComplain(performed);
  const bytes = writeCapture({ parts: historyOf(world), seed: scenario.seed });
  writeOutput(options.output, bytes);
  const packets = world.trace.count;
  complain(
    `wrote ${options.output}: ${packets} packets and every link that they crossed, ${bytes.length} bytes\n`,
  );
}
