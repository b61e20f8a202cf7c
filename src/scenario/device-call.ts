import { port } from '../address/index.ts';
import { seededRandom } from '../base/index.ts';
import type { HostEvent } from '../host/index.ts';
import { type ApplianceState, CALLED_OUT, callAppliance, RPED_PORT, type StreamEvent } from '../hsm/index.ts';
import type { RunningMachine } from './machines.ts';
import { asDevice } from './pin-device.ts';
import { goOnTalking } from './speech.ts';
import type { World } from './world.ts';

/**
 * A module has opened a connection to a PIN entry device (Luna: HSM-initiated). Devices of the customer wait for such a call for as long
 * as it lasts; the operator enters the lines at the one that gets it. On the connection it is the device that speaks first, as ever.
 */
export function callDevice(
  world: World,
  module: RunningMachine,
  connection: number,
  lines: string[],
  answered: (line: string, answer: string) => void,
): void {
  const { engine, scenario } = world;
  const devices = waitingDevices(world);
  const waits = devices.map((device) => {
    const hear = (event: HostEvent): void => {
      if (event.kind !== 'accepted' || event.port !== RPED_PORT) return;
      const random = seededRandom(scenario.seed, `${device.id} is called ${engine.now}`);
      const speech = asDevice(world, device.id, lines, answered);
      goOnTalking(world.engine, device, event.connection, callAppliance(null, null, random), speech);
    };
    device.stack.accept(port(RPED_PORT));
    device.hearers.add(hear);
    return () => {
      device.stack.refuse(port(RPED_PORT));
      device.hearers.delete(hear);
    };
  });
  const hear = (event: HostEvent): void => {
    if (!('connection' in event) || event.connection !== connection) return;
    switch (event.kind) {
      case 'connected':
        break;
      case 'received':
        step(world, module, connection, { kind: 'received', stream: connection, bytes: event.bytes });
        break;
      case 'unreachable':
        if (event.ended) stop();
        break;
      default:
        stop();
    }
  };
  const stop = (): void => {
    module.hearers.delete(hear);
    step(world, module, connection, { kind: 'closed', stream: connection });
    for (const end of waits) end();
  };
  step(world, module, connection, { kind: 'opened', stream: connection, port: CALLED_OUT });
  module.hearers.add(hear);
}

/** PIN entry devices that nobody has opened. */
function waitingDevices({ machines, model }: World): readonly RunningMachine[] {
  return [...machines.values()].filter(({ id }) => {
    const machine = model.siteMachines[id];
    return machine?.kind === 'rped' && !machine.tampered;
  });
}

/** Tells the module what happens on its connection, and sends what it says. */
function step({ engine }: World, machine: RunningMachine, connection: number, event: StreamEvent): void {
  const { appliance, stack } = machine;
  if (appliance === null) return;
  let said: Uint8Array = new Uint8Array(0);
  let over = false;
  stack.alter(appliance.name, engine.now, (state, context) => {
    const reaction = appliance.step(state as ApplianceState, event, context);
    said = reaction.send;
    over = reaction.close;
    return reaction.state;
  });
  if (said.length > 0) stack.write(connection, said, engine.now);
  if (over && event.kind !== 'closed') stack.finish(connection, engine.now);
}
