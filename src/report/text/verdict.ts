import { formatIp, type Ip } from '../../address/index.ts';
import { formatSource } from '../../base/index.ts';
import { DROP_REASONS, type Journey, type Step } from '../../dataplane/index.ts';
import { type Frame, type IpPacket, icmpErrorName, isIp, TCP } from '../../packet/index.ts';
import type { Device, Program, Role } from '../../program/index.ts';
import type { Exchange } from '../documents.ts';
import { explainStep } from '../explain/table.ts';
import { counted } from '../explain/wording.ts';
import { arrivalOf, endOf, hopsOf } from '../legs.ts';
import { columnsOf, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';

/** The last words of a trace: whether it arrived and who saw which address, or where it ended and why. */
export function summaryLines(exchange: Exchange, look: Look): readonly string[] {
  const { program, request, reply } = exchange;
  const there = endOf(program, request);
  const hops = hopsOf(program, request).length;
  if (there.outcome !== 'delivered') {
    return said(
      look,
      false,
      blockedParts(program, request, 0, 'blocked'),
      hintParts(program, request, reply),
    );
  }
  if (reply === null) {
    return said(look, true, ['delivered', counted(hops, 'hop')], viewWords(exchange));
  }
  if (endOf(program, reply).outcome !== 'delivered') {
    return said(
      look,
      false,
      blockedParts(program, reply, hops, 'the request arrived, its reply was blocked'),
    );
  }
  const back = hopsOf(program, reply).length;
  const ways = `${hops} + ${back} hops`;
  const refused = refusalWords(request.frame, reply.frame);
  if (refused !== null)
    return said(look, false, ['delivered, and refused', refused, ways], viewWords(exchange));
  return said(look, true, ['delivered both ways', ways], viewWords(exchange));
}

/** What a machine means by a reset, or by an ICMP error about what reached it; `null` for any other reply. */
function refusalWords(asked: Frame, { body: packet }: Frame): string | null {
  if (!isIp(packet)) return null;
  const { body } = packet;
  if (body.kind === 'tcp' && (body.segment.flags & TCP.rst) !== 0) {
    return opensConnection(asked)
      ? `nobody listens on tcp/${body.source} there: it answers with a reset`
      : `it belongs to no connection that tcp/${body.source} has there, and is answered with a reset`;
  }
  return body.kind === 'icmp-error' ? `it answers with ICMP ${icmpErrorName(packet, body)}` : null;
}

function opensConnection({ body: packet }: Frame): boolean {
  if (!isIp(packet) || packet.body.kind !== 'tcp') return false;
  return (packet.body.segment.flags & (TCP.syn | TCP.ack)) === TCP.syn;
}

/** One sign, then parts with dots between them; what comes second starts a line where not everything fits on one. */
function said(
  look: Look,
  good: boolean,
  first: readonly string[],
  second: readonly string[] = [],
): readonly string[] {
  const sign = printable(look, good ? '✔' : '✘');
  const paint = good ? look.palette.good : look.palette.bad;
  const indent = columnsOf(sign) + 2;
  const whole = joined(look, [...first, ...second]);
  const lines =
    columnsOf(whole) <= WIDTH - indent
      ? [whole]
      : [first, second]
          .filter((parts) => parts.length > 0)
          .flatMap((parts) => wrapWords(joined(look, parts), WIDTH - indent));
  return lines.map((line, index) => (index === 0 ? ` ${paint(sign)} ${line}` : ' '.repeat(indent) + line));
}

function joined(look: Look, parts: readonly string[]): string {
  return printable(look, parts.join(' · '));
}

function blockedParts(program: Program, journey: Journey, before: number, what: string): readonly string[] {
  const hops = hopsOf(program, journey);
  const step = hops.at(-1)?.steps.at(-1);
  const at = `${what} at hop ${before + hops.length}`;
  if (step === undefined) return [`${what} before its first hop`];
  if (step.outcome.reason === null)
    return [`went no further than hop ${before + hops.length}`, explainStep(step).because];
  return [at, `${step.outcome.reason}: ${DROP_REASONS[step.outcome.reason].title}`];
}

/** What else helps to understand a drop: who has the address in another network, and what the sender hears. */
function hintParts(program: Program, request: Journey, told: Journey | null): readonly string[] {
  const step = hopsOf(program, request).at(-1)?.steps.at(-1);
  const elsewhere = step === undefined ? null : namesakeOf(program, step);
  const heard = told === null ? null : heardWords(told);
  return [elsewhere, heard].flatMap((part) => part ?? []);
}

/** The error that a router sent back, if it arrived. */
function heardWords(told: Journey): string | null {
  const packet = arrivalOf(told)?.body;
  if (!isIp(packet) || packet.body.kind !== 'icmp-error') return null;
  return `the sender hears ICMP ${packet.body.type}/${packet.body.code} from ${formatIp(packet.source)}`;
}

/** Who has the address that this virtual network lacks: the nearest thing to a wrong way that two tenants can meet. */
function namesakeOf(program: Program, step: Step): string | null {
  if (step.stage.kind !== 'locate' || step.outcome.reason !== 'mapping.none') return null;
  const body = step.before.body;
  const wanted = isIp(body) ? body.target : body.kind === 'arp' ? body.targetAddress : null;
  if (wanted === null) return null;
  for (const stage of program.stages) {
    if (stage.kind !== 'locate' || stage.vn === step.stage.vn) continue;
    const other = stage.mappings.get(wanted);
    if (other === undefined) continue;
    const place = stage.from.source === null ? '' : ` (${formatSource(stage.from.source)})`;
    return `not at ${other.owner} of VN ${stage.vn}: same address, another virtual network${place}`;
  }
  return null;
}

/**
 * `the customer saw only 10.0.0.201`: every address of the other side that each end ever met. Where nothing was translated on
 * the way there is nothing to say.
 */
export function viewWords({ program, request, reply }: Exchange): readonly string[] {
  const arrived = arrivalOf(request);
  if (isAsSent(request.frame, arrived)) return [];
  const returned = reply === null ? null : arrivalOf(reply);
  const caller = program.devices[request.place.device];
  const called = endOf(program, request).device;
  const near = [addressIn(request.frame, 'target'), addressIn(returned, 'source')];
  const far = [addressIn(arrived, 'source'), reply === null ? null : addressIn(reply.frame, 'target')];
  const service = called.role === 'hsm' || caller?.role === 'hsm';
  return [sawWords(caller, near, service), sawWords(called, far, service)].filter((part) => part !== '');
}

function isAsSent(sent: Frame, arrived: Frame | null): boolean {
  return (['source', 'target'] as const).every((end) => addressIn(sent, end) === addressIn(arrived, end));
}

/** Only machines see: a witness starts behind the port of its sender, at a server or a switch. */
function sawWords(device: Device | undefined, addresses: readonly (Ip | null)[], service: boolean): string {
  const seen = new Set(addresses.flatMap((address) => (address === null ? [] : [formatIp(address)])));
  const who = device === undefined ? null : machineWords(device, service);
  return who === null || seen.size === 0 ? '' : `${who} saw only ${[...seen].join(' and ')}`;
}

const MACHINES: readonly Role[] = ['instance', 'load-balancer', 'site-host', 'rped', 'hsm', 'internet-host'];

/** Before an HSM there are a customer and the HSM; elsewhere machines have names. */
function machineWords({ role, name }: Device, service: boolean): string | null {
  if (!MACHINES.includes(role)) return null;
  if (!service || role === 'internet-host') return name;
  return role === 'hsm' ? 'the HSM' : 'the customer';
}

function addressIn(frame: Frame | null, end: 'source' | 'target'): Ip | null {
  const packet: IpPacket | null = isIp(frame?.body) ? frame.body : null;
  return packet === null ? null : packet[end];
}
