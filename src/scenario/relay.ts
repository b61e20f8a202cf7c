import { type Ip, type Port, port } from '../address/index.ts';
import { formatNanos, type Nanos } from '../base/index.ts';
import type { HostStack } from '../host/index.ts';
import { MESSAGE_PORTS, type MessageSort, type Model, SEALED_PORTS, TIME_PORT } from '../model/index.ts';
import { readersOf } from './keyring.ts';
import { type MessageQueue, messageQueue } from './message-queue.ts';
import { isSignOfLife } from './sign-of-life.ts';

/**
 * What the machines of FIG. 2 do with what HSMs report (ruling Q-12): the bastion passes messages on to data storage, or to a
 * queue, and to management, and asks management for the time; these keep what they hear. Inside the service network messages
 * are plain text, beyond it they are sealed (ruling Q-33): the ports say which.
 */
export function startMonitoring(model: Model, id: string, stack: HostStack): MessageQueue | null {
  const { service, bastions, internetHosts } = model;
  if (service === null) return null;
  const { sink } = service;
  const [keeper, management] = [internetHosts[sink.host], internetHosts[service.management]];
  const bastion = bastions[id];
  if (bastion !== undefined && keeper !== undefined && management !== undefined) {
    startBastion(stack, [keeper.address, management.address], management.address);
  }
  const queue =
    sink.kind === 'queue' && id === sink.host ? startQueue(stack, new Set(readersOf(model))) : null;
  if (queue === null && (id === sink.host || id === service.management)) {
    // without a responder: what comes is an event, and events are kept
    for (const sort of SORTS) stack.bindUdp(port(SEALED_PORTS[sort]));
  }
  if (id === service.management)
    stack.bindUdp(port(SEALED_PORTS.time), (_bytes, _from, _port, now) => timeAt(now));
  return queue;
}

const SORTS = Object.keys(MESSAGE_PORTS) as readonly MessageSort[];

/**
 * B-09: what bastions send is put in a row; the service team takes it from there. Signs of life would be old news by then, and what a
 * reader says is no message.
 */
function startQueue(stack: HostStack, readers: ReadonlySet<string>): MessageQueue {
  const queue = messageQueue(readers);
  for (const sort of SORTS) {
    stack.bindUdp(port(SEALED_PORTS[sort]), (bytes, _source, _port, _now, peer) => {
      const text = new TextDecoder().decode(bytes);
      if (peer !== null && !readers.has(peer) && !isSignOfLife(text)) queue.put(sort, peer, text);
      return null;
    });
  }
  stack.bindUdp(port(SEALED_PORTS.queue), queue.answer);
  return queue;
}

function startBastion(stack: HostStack, services: readonly Ip[], timekeeper: Ip): void {
  for (const sort of SORTS) {
    const sealed = port(SEALED_PORTS[sort]);
    // whoever gets past the firewall of a bastion is one of those that report to it
    stack.bindUdp(port(MESSAGE_PORTS[sort]), (bytes, _source, _sourcePort, now) => {
      for (const target of services) {
        stack.sendUdp({ target, targetPort: sealed, sourcePort: sealed, bytes }, now);
      }
      return null;
    });
  }
  stack.bindUdp(port(TIME_PORT), (bytes, source, sourcePort, now) => {
    askForTime(stack, { address: source, port: sourcePort }, bytes, timekeeper, now);
    return null;
  });
}

/** The answer comes to a port of its own, which knows who is to have it. */
function askForTime(
  stack: HostStack,
  asker: { readonly address: Ip; readonly port: Port },
  bytes: Uint8Array,
  timekeeper: Ip,
  now: Nanos,
): void {
  const asked = stack.sendUdp({ target: timekeeper, targetPort: port(SEALED_PORTS.time), bytes }, now);
  if (!asked.ok) return;
  stack.bindUdp(asked.value, (answer, _source, _sourcePort, later) => {
    stack.closeUdp(asked.value);
    const back = {
      target: asker.address,
      targetPort: asker.port,
      sourcePort: port(TIME_PORT),
      bytes: answer,
    };
    stack.sendUdp(back, later);
    return null;
  });
}

/** Words instead of the 48 bytes of RFC 5905: what matters here is the way they take. */
function timeAt(now: Nanos): Uint8Array {
  return new TextEncoder().encode(`it is ${formatNanos(now)}`);
}
