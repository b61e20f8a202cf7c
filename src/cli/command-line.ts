import { Command, Option } from 'commander';
import type { BridgeOptions } from './commands/bridge.ts';
import type { CaptureOptions } from './commands/capture.ts';
import type { DiffOptions } from './commands/diff.ts';
import type { PingallOptions } from './commands/pingall.ts';
import type { ProveOptions } from './commands/prove.ts';
import type { ReachOptions } from './commands/reach.ts';
import type { RunOptions } from './commands/run.ts';
import type { ShowOptions } from './commands/show.ts';
import type { TraceOptions } from './commands/trace.ts';
import type { ValidateOptions } from './commands/validate.ts';
import { complaint } from './complaint.ts';
import { readVersion } from './version.ts';

const EXAMPLES = `
Examples:
  vnsim run scenarios/fig3.yaml                                   the main story
  vnsim trace scenarios/fig3.yaml app-310 10.0.0.201 -p 1792      one packet, every stage, why
  vnsim pingall scenarios/two-tenants.yaml                        who reaches whom
  vnsim prove scenarios/fig3.yaml "hsm-326 sees only source 192.168.0.55"
  vnsim reach scenarios/fig3.yaml app-310 hsm-326                 exactly what gets through
  vnsim show scenarios/fig3.yaml connections --at "100 s"         any table at any time
  vnsim capture scenarios/fig3.yaml -o fig3.pcapng                to be opened with Wireshark
  vnsim explain nat.no-flow                                       what a reason means

Exit codes: 0 as expected; 1 an expectation or a claim failed; 2 bad usage or a bad file;
3 a claim neither proved nor refuted; 70 a fault of vnsim; 130 interrupted.
`;

const AFTER = 'perform this many steps first (default: those that build the network)';

/**
 * The command line: every verb with its options. Bad usage throws. What a verb does is imported when it is called, so
 * that help comes at once.
 */
export function commandLine(): Command {
  const program = new Command('vnsim');
  program
    .description(
      'Moves real packets through a described network, explains every step, proves what can never happen.',
    )
    .version(readVersion())
    .exitOverride()
    // complaints have a form of their own
    .configureOutput({ outputError: () => undefined, getOutHelpWidth: () => 90, getErrHelpWidth: () => 90 })
    .addHelpText('after', EXAMPLES);
  const verb = (words: string, description: string) => program.command(words).description(description);

  verb('run <files...>', 'perform scenarios, check what they expect and claim')
    .addOption(json())
    .option('--seed <number>', 'another seed than the scenario’s own', whole)
    .option(
      '--token-module <library>',
      'a PKCS#11 library whose token keeps the keys of security modules; PIN in VNSIM_TOKEN_PIN',
    )
    .option('--token-label <label>', 'the label of the token (default: vnsim)')
    .option('--token-backend <module>', 'the package that talks to it (default: vnsim-backend-pkcs11)')
    .action(async (files: readonly string[], options: RunOptions) =>
      (await import('./commands/run.ts')).runCommand(files, options),
    );
  verb('trace <file> <from> <to>', 'one packet, every stage, why')
    .option('-p, --port <port>', 'target port; TCP unless --proto says otherwise')
    .addOption(new Option('--proto <protocol>', 'what is sent').choices(['tcp', 'udp', 'icmp']))
    .option('--both', 'the reply too')
    .option('--pkcs11 <line>', 'what an application says to a security module; may be repeated', repeated)
    .option('--console <line>', 'what is said at the console of a security module; may be repeated', repeated)
    .option('--as <name>', 'whose certificate --pkcs11 shows (default: that of the sender)')
    .addOption(
      new Option('--detail <level>', 'how much to say')
        .choices(['minimal', 'summary', 'full'])
        .default('summary'),
    )
    .option('--ttl <number>', 'time to live, 1 to 255', ttl)
    .option('--after <steps>', AFTER, whole)
    .addOption(json())
    .action(async (file: string, from: string, to: string, options: TraceOptions) =>
      (await import('./commands/trace.ts')).traceCommand(file, from, to, options),
    );
  verb('prove <file> [claims...]', 'decide claims for all packets that anybody could send')
    .option('--time <seconds>', 'end after so long, with what was decided until then', whole)
    .option('--memory <megabytes>', 'end where it would take more, with what was decided until then', whole)
    .option(
      '--witness <directory>',
      'write a scenario file there for each refuted claim, which fails when run',
    )
    .addOption(json())
    .action(async (file: string, claims: readonly string[], options: ProveOptions) =>
      (await import('./commands/prove.ts')).proveCommand(file, claims, options),
    );
  verb('reach <file> <from> <to>', 'exactly what gets from one machine to another, and what is in the way')
    .option('-p, --port <port>', 'target port or ports; TCP unless --proto says otherwise')
    .addOption(new Option('--proto <protocol>', 'what is sent').choices(['tcp', 'udp', 'icmp']))
    .option('--after <steps>', AFTER, whole)
    .addOption(json())
    .action(async (file: string, from: string, to: string, options: ReachOptions) =>
      (await import('./commands/reach.ts')).reachCommand(file, from, to, options),
    );
  verb('diff <before> <after>', 'what a change of the network opens and closes, for all packets')
    .addOption(json())
    .action(async (before: string, after: string, options: DiffOptions) =>
      (await import('./commands/diff.ts')).diffCommand(before, after, options),
    );
  verb('pingall <file>', 'who reaches whom')
    .option('--sets', 'decide for every ping there could be, instead of sending one of each')
    .option('--after <steps>', AFTER, whole)
    .addOption(json())
    .action(async (file: string, options: PingallOptions) =>
      (await import('./commands/pingall.ts')).pingallCommand(file, options),
    );
  verb(
    'show <file> <table>',
    'a table: vn routes nat acls connections arp messages queue watch links hsm balancers inventory logical channels log patches',
  )
    .option('--at <time>', 'at this instant, such as "400 s" (default: after the last step)')
    .addOption(json())
    .action(async (file: string, table: string, options: ShowOptions) =>
      (await import('./commands/show.ts')).showCommand(file, table, options),
    );
  verb('capture <file>', 'write everything that crossed a link, for Wireshark')
    .requiredOption('-o, --output <file>', 'the pcapng file to write; - for standard output')
    .action(async (file: string, options: CaptureOptions) =>
      (await import('./commands/capture.ts')).captureCommand(file, options),
    );
  verb('bridge <file> <from> <to>', 'let a real PKCS#11 program be a client of a security module')
    .requiredOption('--socket <path>', 'the unix socket to listen on, for p11-kit-client.so')
    .option('-p, --port <port>', 'target port', portNumber, 1792)
    .option('--as <name>', 'whose certificate is shown (default: that of the machine)')
    .option('--after <steps>', 'perform this many steps first (default: all)', whole)
    .option('-o, --output <file>', 'at the end, write what crossed a link to this pcapng file')
    .action(async (file: string, from: string, to: string, options: BridgeOptions) =>
      (await import('./commands/bridge.ts')).bridgeCommand(file, from, to, options),
    );
  verb('explain [code]', 'what a drop reason or an error code means (without one: all codes)').action(
    async (code?: string) => (await import('./commands/explain.ts')).explainCommand(code),
  );
  verb('validate <files...>', 'every mistake of scenario files; runs nothing')
    .addOption(json())
    .action(async (files: readonly string[], options: ValidateOptions) =>
      (await import('./commands/validate.ts')).validateCommand(files, options),
    );
  verb('schema', 'the JSON Schema of scenario files').action(async () =>
    (await import('./commands/schema.ts')).schemaCommand(),
  );
  return program;
}

/** An option that may be given several times. */
function repeated(line: string, before: readonly string[] = []): readonly string[] {
  return [...before, line];
}

function json(): Option {
  return new Option('--json', 'print one versioned JSON document');
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw complaint('usage/argument', `"${text}" is not a whole number`, 'write digits only, nine at most');
  }
  return Number(text);
}

function portNumber(text: string): number {
  const number = whole(text);
  if (number < 1 || number > 65_535) {
    throw complaint('usage/port', `"${text}" is not a port`, 'a port is a number from 1 to 65535');
  }
  return number;
}

function ttl(text: string): number {
  const number = whole(text);
  if (number < 1 || number > 255)
    throw complaint('usage/argument', `"${text}" is not a TTL`, 'it goes from 1 to 255');
  return number;
}
