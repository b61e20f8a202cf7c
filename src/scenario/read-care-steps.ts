import { nanos } from '../base/index.ts';
import { parseDuration } from './duration.ts';
import { deviceNamed, fault, type Reading, sure } from './reading.ts';
import type { CareStep, LogStep, PanelStep, Path } from './scenario.ts';
import type { RemoveLogTargetText, ShareHsmText, StepText, SwitchInterfaceText } from './scenario-text.ts';
import type { Stepped } from './steps.ts';
import { quoted, suggest } from './wording.ts';

/** A step about devices that are there: `null` with a mistake in it, `undefined` where it is another sort of step. */
export function readCareStep(
  reading: Reading,
  frame: Stepped,
  text: StepText,
  where: Path,
  step: number,
): CareStep | LogStep | PanelStep | null | undefined {
  for (const kind of ['add-log-target', 'remove-log-target'] as const) {
    const target = text[kind];
    if (target !== undefined) return readLogTarget(reading, frame, kind, target, [...where, kind], step);
  }
  for (const kind of ['detach-vni', 'attach-vni'] as const) {
    const switched = text[kind];
    if (switched !== undefined) return readSwitch(reading, frame, kind, switched, [...where, kind], step);
  }
  for (const kind of ['share-hsm', 'unshare-hsm'] as const) {
    const shared = text[kind];
    if (shared !== undefined) return readShare(reading, frame, kind, shared, [...where, kind], step);
  }
  const device = (key: string, name: string, kinds: Parameters<typeof deviceNamed>[4]) =>
    deviceNamed(reading, name, [...where, ...key.split('.')], step, kinds);
  const machine = readMachineStep(frame, text, device);
  if (machine !== undefined) return machine;
  if (text.panel !== undefined) {
    const hsm = device('panel.hsm', text.panel.hsm, ['hsm']);
    const { do: deed, period } = text.panel;
    const until = period === undefined ? nanos(0) : sure(parseDuration(period));
    return hsm === null ? null : { kind: 'panel', ...frame, hsm, deed, period: until };
  }
  if (text.log === undefined) return undefined;
  const from = device('log.from', text.log.from, ['hsm']);
  const { sort = 'syslog', text: said } = text.log;
  return from === null ? null : { kind: 'log', ...frame, device: from, sort, text: said };
}

type Named = (
  key: string,
  name: string,
  kinds: Parameters<typeof deviceNamed>[4],
) => ReturnType<typeof deviceNamed>;

/** A step about a whole machine. */
function readMachineStep(frame: Stepped, text: StepText, device: Named): CareStep | null | undefined {
  const replaced = text['replace-hsm'];
  if (replaced !== undefined) {
    const hsm = device('replace-hsm.hsm', replaced.hsm, ['hsm']);
    const by = device('replace-hsm.by', replaced.by, ['hsm']);
    return hsm === null || by === null ? null : { kind: 'replace-hsm', ...frame, hsm, by };
  }
  const client = text['configure-client'];
  if (client !== undefined) {
    const machine = device('configure-client.machine', client.machine, ['instance', 'site-machine']);
    const installed = client.installed ?? true;
    return machine === null ? null : { kind: 'configure-client', ...frame, machine, installed };
  }
  if (text.tamper !== undefined) {
    const opened = device('tamper.device', text.tamper.device, ['site-machine']);
    return opened === null ? null : { kind: 'tamper', ...frame, device: opened };
  }
  if (text.terminate !== undefined) {
    const instance = device('terminate.instance', text.terminate.instance, ['instance']);
    return instance === null ? null : { kind: 'terminate', ...frame, instance };
  }
  return undefined;
}

function readLogTarget(
  reading: Reading,
  frame: Stepped,
  kind: 'add-log-target' | 'remove-log-target',
  text: RemoveLogTargetText,
  where: Path,
  step: number,
): CareStep | null {
  const { customer, sort = 'syslog', whose = 'customer' } = text;
  const known = isCustomer(reading, customer, [...where, 'customer']);
  const hsm = deviceNamed(reading, text.hsm, [...where, 'hsm'], step, ['hsm']);
  return hsm === null || !known ? null : { kind, ...frame, customer, hsm, sort, whose };
}

function readShare(
  reading: Reading,
  frame: Stepped,
  kind: 'share-hsm' | 'unshare-hsm',
  text: ShareHsmText,
  where: Path,
  step: number,
): CareStep | null {
  const { customer, with: other } = text;
  const known = isCustomer(reading, customer, [...where, 'customer']);
  const otherKnown = isCustomer(reading, other, [...where, 'with']);
  const hsm = deviceNamed(reading, text.hsm, [...where, 'hsm'], step, ['hsm']);
  return hsm === null || !known || !otherKnown ? null : { kind, ...frame, customer, hsm, with: other };
}

function isCustomer(reading: Reading, name: string, where: Path): boolean {
  const { customers } = reading.directory;
  if (customers.includes(name)) return true;
  fault(reading, 'scenario/unknown-name', where, {
    message: `no customer is called ${quoted(name)}`,
    help: suggest(name, customers, 'customers'),
  });
  return false;
}

function readSwitch(
  reading: Reading,
  frame: Stepped,
  kind: 'detach-vni' | 'attach-vni',
  { vni: name, by = 'provider' }: SwitchInterfaceText,
  where: Path,
  step: number,
): CareStep | null {
  const vni = deviceNamed(reading, name, [...where, 'vni'], step, ['interface']);
  return vni === null ? null : { kind, ...frame, vni, by };
}
