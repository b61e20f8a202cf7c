import { Command, InvalidArgumentError, Option } from 'commander';
import type { Nanos } from '../base/index.ts';
import { parseDuration, TABLE_NAMES, type TableName } from '../scenario/index.ts';
import { captureCommand } from './commands/capture.ts';
import { explainCommand } from './commands/explain.ts';
import { pingallCommand } from './commands/pingall.ts';
import { proveCommand } from './commands/prove.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { showCommand } from './commands/show.ts';
import { traceCommand } from './commands/trace.ts';
import { validateCommand } from './commands/validate.ts';
import { VERSION } from './version.ts';

/** The command line: every verb with its options. Bad usage throws, so that it can end with exit code 2. */
export function commandLine(): Command {
  const program = new Command('vnsim');
  program
    .description(
      'Moves real packets through a described network, explains every step, proves what can never happen.',
    )
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(vnsim --help lists the commands)')
    .configureHelp({ sortSubcommands: false });

  const json = () => new Option('--json', 'print one versioned JSON document');
  const verb = (words: string, description: string) =>
    program
      .command(words)
      .description(description)
      .exitOverride()
      .showHelpAfterError('(add --help for usage)');

  verb('run <files...>', 'perform scenarios, check what they expect and claim')
    .addOption(json())
    .option('--seed <number>', 'another seed than the scenario’s own', whole)
    .action(runCommand);
  verb('trace <file> <from> <to>', 'one packet, every stage, why')
    .option('-p, --port <port>', 'target port; TCP unless --proto says otherwise', portNumber)
    .addOption(new Option('--proto <protocol>', 'what is sent').choices(['tcp', 'udp', 'icmp']))
    .option('--both', 'the reply too')
    .addOption(
      new Option('--detail <level>', 'how much to say')
        .choices(['minimal', 'summary', 'full'])
        .default('summary'),
    )
    .option('--ttl <number>', 'time to live, 1 to 255', ttl)
    .option('--after <steps>', 'perform this many steps first (default: all that set up the network)', whole)
    .addOption(json())
    .action(traceCommand);
  verb('prove <file> [claims...]', 'decide claims for all packets that anybody could send')
    .addOption(json())
    .action(proveCommand);
  verb('pingall <file>', 'who reaches whom')
    .option('--after <steps>', 'perform this many steps first (default: all that set up the network)', whole)
    .addOption(json())
    .action(pingallCommand);
  verb('show <file> <table>', `a table of the network: ${TABLE_NAMES.join(', ')}`)
    .option('--at <time>', 'at this instant, such as "400 s" (default: after the last step)', duration)
    .addOption(json())
    .action((file: string, table: string, options: { at?: Nanos; json?: true }) =>
      showCommand(file, tableName(table), options),
    );
  verb('capture <file>', 'write everything that crossed a link, for Wireshark')
    .requiredOption('-o, --output <file>', 'the pcapng file to write')
    .action(captureCommand);
  verb('explain [code]', 'what a drop reason or an error code means (without one: all codes)').action(
    explainCommand,
  );
  verb('validate <files...>', 'every mistake of scenario files; runs nothing')
    .addOption(json())
    .action(validateCommand);
  verb('schema', 'the JSON Schema of scenario files').action(schemaCommand);
  return program;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`"${text}" is no whole number.`);
  return Number(text);
}

function ttl(text: string): number {
  const number = whole(text);
  if (number < 1 || number > 255) throw new InvalidArgumentError('A TTL is 1 to 255.');
  return number;
}

function portNumber(text: string): number {
  const number = whole(text);
  if (number < 1 || number > 65535) throw new InvalidArgumentError('A port is 1 to 65535.');
  return number;
}

function duration(text: string): Nanos {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.fault.message);
  return parsed.value;
}

function tableName(text: string): TableName {
  const known = TABLE_NAMES.find((name) => name === text);
  if (known === undefined) {
    throw new InvalidArgumentError(`there is no table "${text}"; there are ${TABLE_NAMES.join(', ')}.`);
  }
  return known;
}
