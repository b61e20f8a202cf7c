import { createServer, type Server, type Socket } from 'node:net';
import { writeCapture } from '../../report/index.ts';
import { type Crossing, crossBridge, historyOf, prepareWorld, type World } from '../../scenario/index.ts';
import { complaint } from '../complaint.ts';
import { keepApart, writeOutput } from '../files.ts';
import { momentAfter } from '../moment.ts';
import { openScenario, orComplain } from '../scenarios.ts';
import { reasonOf } from '../system-reason.ts';
import { complain, print } from '../terminal.ts';

export interface BridgeOptions {
  readonly socket: string;
  readonly port: number;
  readonly as?: string;
  readonly after?: number;
  readonly output?: string;
}

/**
 * `vnsim bridge FILE FROM TO --socket PATH`: programs outside become clients inside. Each connection to the socket is one
 * TCP connection of the machine; simulated time stands still while nobody outside says anything.
 */
export async function bridgeCommand(
  file: string,
  from: string,
  to: string,
  { socket: path, port, as, after, output }: BridgeOptions,
): Promise<void> {
  if (output !== undefined) keepApart(output, file);
  const scenario = openScenario(file);
  const moment = after === undefined ? { kind: 'end' as const } : momentAfter(scenario, after);
  const world = orComplain(prepareWorld(scenario, moment));
  // what nobody will look at is not kept: a bridge may stand for days
  if (output === undefined) world.engine.recorder = null;
  const request = { from, to, port, as: as ?? null };
  const cross = (): Crossing => {
    const crossing = crossBridge(world, request);
    if (crossing.ok) return crossing.value;
    const { message, choices } = crossing.fault;
    throw complaint('usage/name', message, choices.length === 0 ? null : `there are: ${choices.join(', ')}`);
  };
  const tried = cross();
  tell(`${from} as ${tried.as}: ${tried.refused ?? 'the module opens a channel'}`);
  tried.close();

  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    carry(socket, cross(), connections);
  });
  await listen(server, path);
  print(`P11_KIT_SERVER_ADDRESS=unix:path=${path}\n`);
  await interrupted();
  server.close();
  if (output !== undefined) writeHistory(world, scenario.seed, output);
  // a connection that is still open does not keep the command alive
  process.exit();
}

/** What comes in by the socket goes out as packets, and back. */
function carry(socket: Socket, crossing: Crossing, number: number): void {
  tell(`connection ${number}: ${crossing.refused ?? 'open'}`);
  if (crossing.refused !== null) socket.destroy();
  socket.on('data', (bytes) => {
    const { bytes: answer, over } = crossing.say(bytes);
    if (answer.length > 0) socket.write(answer);
    if (over === null) return;
    tell(`connection ${number}: ${over}`);
    socket.end();
  });
  // a program that is killed leaves an error and then closes
  socket.on('error', () => undefined);
  socket.on('close', () => {
    crossing.close();
    tell(`connection ${number}: closed`);
  });
}

/** The socket belongs to whoever runs the command, and to nobody else. */
function listen(server: Server, path: string): Promise<void> {
  const before = process.umask(0o177);
  return new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        complaint('file/socket', `cannot listen on "${path}": ${reasonOf(error)}`, 'choose another --socket'),
      );
    });
    server.listen(path, resolve);
  }).finally(() => process.umask(before));
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function writeHistory(world: World, seed: number, path: string): void {
  const bytes = writeCapture({ parts: historyOf(world), seed });
  writeOutput(path, bytes);
  tell(`wrote ${path}: ${world.trace.count} packets, ${bytes.length} bytes`);
}

function tell(line: string): void {
  complain(`${line}\n`);
}
