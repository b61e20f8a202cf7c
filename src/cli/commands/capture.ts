import { capturing } from '../../library/index.ts';
import { writeOutput } from '../files.ts';
import { performInterruptibly } from '../interrupt.ts';
import { answering, openNetwork } from '../networks.ts';
import { complain } from '../terminal.ts';

export interface CaptureOptions {
  readonly output: string;
}

/** `vnsim capture FILE -o OUT`: everything that crossed a link, for Wireshark and tshark. */
export async function captureCommand(file: string, options: CaptureOptions): Promise<void> {
  const work = answering(capturing(openNetwork(file)));
  const { packets, bytes } = await performInterruptibly(work, () => 'nothing was written');
  writeOutput(options.output, bytes);
  complain(
    `wrote ${options.output}: ${packets} packets and every link that they crossed, ${bytes.length} bytes\n`,
  );
}
