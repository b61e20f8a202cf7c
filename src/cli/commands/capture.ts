import { capturing } from '../../library/index.ts';
import { keepApart, writeOutput } from '../files.ts';
import { performInterruptibly } from '../interrupt.ts';
import { answering, openNetwork } from '../networks.ts';
import { complain } from '../terminal.ts';

export interface CaptureOptions {
  readonly output: string;
}

/** `vnsim capture FILE -o OUT`: everything that crossed a link, for Wireshark and tshark; `-` is standard output. */
export async function captureCommand(file: string, options: CaptureOptions): Promise<void> {
  const toPipe = options.output === '-';
  if (!toPipe) keepApart(options.output, file);
  const work = answering(capturing(openNetwork(file)));
  const { packets, bytes } = await performInterruptibly(work, () => 'nothing was written');
  if (toPipe) process.stdout.write(bytes);
  else writeOutput(options.output, bytes);
  complain(
    `wrote ${toPipe ? 'to standard output' : options.output}: ${packets} packets and every link that they crossed, ${bytes.length} bytes\n`,
  );
}
