import { port } from '../address/index.ts';
import type { Result } from '../base/index.ts';
import { MESSAGE_PORTS, type Model } from '../model/index.ts';
import {
  addLogTarget,
  attachInterface,
  type Change,
  call,
  configureClient,
  detachInterface,
  type Refusal,
  removeLogTarget,
  replaceHsm,
  shareHsm,
  tamper,
  terminateInstance,
  unshareHsm,
} from '../provider/index.ts';
import type { CareStep, LogStep } from './scenario.ts';
import { refresh, type World } from './world.ts';

/** What a step asks of the provider about devices that are there. */
export function careChange(model: Model, step: CareStep): Result<Change, readonly Refusal[]> {
  switch (step.kind) {
    case 'add-log-target': {
      const { customer, hsm, sort } = step;
      return call(model, step.kind, addLogTarget, { customer, hsm: hsm.id, sort });
    }
    case 'remove-log-target': {
      const { customer, hsm, sort, whose } = step;
      return call(model, step.kind, removeLogTarget, { customer, hsm: hsm.id, sort, whose });
    }
    case 'detach-vni':
      return call(model, step.kind, detachInterface, { interface: step.vni.id, by: step.by });
    case 'attach-vni':
      return call(model, step.kind, attachInterface, { interface: step.vni.id, by: step.by });
    case 'replace-hsm':
      return call(model, step.kind, replaceHsm, { hsm: step.hsm.id, by: step.by.id });
    case 'share-hsm':
    case 'unshare-hsm': {
      const { customer, hsm, source } = step;
      const verb = step.kind === 'share-hsm' ? shareHsm : unshareHsm;
      return call(model, step.kind, verb, { customer, hsm: hsm.id, with: step.with, from: source });
    }
    case 'configure-client':
      return call(model, step.kind, configureClient, { machine: step.machine.id, installed: step.installed });
    case 'tamper':
      return call(model, step.kind, tamper, { device: step.device.id });
    case 'terminate':
      return call(model, step.kind, terminateInstance, { instance: step.instance.id });
  }
}

/** A module tells everybody it has to tell. */
export function report(world: World, { device, sort, text }: LogStep): void {
  refresh(world);
  const { engine, machines, model } = world;
  const stack = machines.get(device.id)?.stack;
  const bytes = new TextEncoder().encode(text);
  const number = port(MESSAGE_PORTS[sort]);
  for (const target of model.hsms[device.id]?.logTargets ?? []) {
    if (target.sort !== sort) continue;
    stack?.sendUdp({ target: target.address, targetPort: number, sourcePort: number, bytes }, engine.now);
  }
  engine.run();
}

/** Such a step in a few words. */
export function careStepText(step: CareStep): string {
  switch (step.kind) {
    case 'add-log-target':
    case 'remove-log-target':
      return `${step.kind} of ${step.hsm.name} for ${step.customer}: ${step.sort}`;
    case 'detach-vni':
    case 'attach-vni':
      return `${step.kind} ${step.vni.name}, asked by the ${step.by}`;
    case 'replace-hsm':
      return `replace-hsm ${step.hsm.name} by ${step.by.name}`;
    case 'share-hsm':
      return `${step.customer} lets ${step.with} use ${step.hsm.name}`;
    case 'unshare-hsm':
      return `${step.customer} does not let ${step.with} use ${step.hsm.name} any more`;
    case 'configure-client':
      return `${step.machine.name} ${step.installed ? 'gets' : 'loses'} its client software`;
    case 'tamper':
      return `somebody opens ${step.device.name}`;
    case 'terminate':
      return `terminate ${step.instance.name}`;
  }
}
