import { printable } from '../../report/index.ts';
import { prepareWorld } from '../../scenario/index.ts';
import { EXIT } from '../exit.ts';
import { printComplaints, tell } from '../report-complaints.ts';
import { readScenario } from '../scenarios.ts';
import { lookOf, print } from '../terminal.ts';

export interface ValidateOptions {
  readonly json?: true;
}

/** `vnsim validate FILE…`: every mistake of every file, what the provider would refuse included; no packet is sent. */
export function validateCommand(files: readonly string[], options: ValidateOptions): void {
  const read = files.map(readScenario).map(withRefusals);
  const complaints = read.flatMap((one) => one.complaints);
  if (read.some(({ scenario }) => scenario === null)) process.exitCode = EXIT.usage;
  if (options.json === true) {
    printComplaints(complaints);
    return;
  }
  const look = lookOf(process.stdout);
  for (const { path, scenario } of read) {
    if (scenario === null) continue;
    print(`${look.palette.good('valid')}  ${printable(look, `${path}  ${scenario.title}`)}\n`);
  }
  tell(complaints);
}

type ReadFile = ReturnType<typeof readScenario>;

/** Builds what the scenario asks for, to hear what the provider refuses. */
function withRefusals(file: ReadFile): ReadFile {
  if (file.scenario === null) return file;
  const built = prepareWorld(file.scenario, { kind: 'built' });
  return built.ok ? file : { ...file, scenario: null, complaints: [...file.complaints, ...built.fault] };
}
