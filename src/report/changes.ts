import { formatMac } from '../address/index.ts';
import { type Frame, type IpPacket, isIp, markOf, vxlanOf } from '../packet/index.ts';
import { sourceWords, targetWords } from './explain/wording.ts';

/** A header field that a stage rewrote. */
export interface Change {
  readonly field:
    | 'target'
    | 'source'
    | 'ttl'
    | 'echo id'
    | 'VLAN'
    | 'link target'
    | 'link source'
    | 'quoted target'
    | 'quoted source';
  readonly before: string;
  readonly after: string;
}

/** What differs between two frames, the network layer first. A frame that was wrapped, sealed, unwrapped or opened is another frame. */
export function changesOf(before: Frame, after: Frame): readonly Change[] {
  if (before === after) return [];
  if (isTunnelled(before) !== isTunnelled(after)) return [];
  const changes: Change[] = [];
  const compare = (field: Change['field'], one: string | number, other: string | number): void => {
    if (one !== other) changes.push({ field, before: String(one), after: String(other) });
  };
  if (isIp(before.body) && isIp(after.body)) {
    const [was, is] = [before.body, after.body];
    compare('target', targetWords(was), targetWords(is));
    compare('source', sourceWords(was), sourceWords(is));
    compare('echo id', echoIdOf(was), echoIdOf(is));
    const [quoted, quotes] = [quoteIn(was), quoteIn(is)];
    if (quoted !== null && quotes !== null) {
      compare('quoted target', targetWords(quoted), targetWords(quotes));
      compare('quoted source', sourceWords(quoted), sourceWords(quotes));
    }
    compare('ttl', was.ttl, is.ttl);
  }
  compare('VLAN', before.link.vlan?.id ?? 'none', after.link.vlan?.id ?? 'none');
  compare('link target', formatMac(before.link.target), formatMac(after.link.target));
  compare('link source', formatMac(before.link.source), formatMac(after.link.source));
  return changes;
}

function isTunnelled(frame: Frame): boolean {
  return vxlanOf(frame) !== null || (isIp(frame.body) && markOf(frame.body) !== null);
}

/** The frame inside every wrapper. */
export function innermost(frame: Frame): Frame {
  const vxlan = vxlanOf(frame);
  return vxlan === null ? frame : innermost(vxlan.inner);
}

function echoIdOf(packet: IpPacket): number {
  return packet.body.kind === 'icmp-echo' ? packet.body.identifier : -1;
}

function quoteIn(packet: IpPacket): IpPacket | null {
  return packet.body.kind === 'icmp-error' ? packet.body.quote.packet : null;
}
