import { port } from '../../src/address/index.ts';
import { Engine, type Tally } from '../../src/dataplane/index.ts';
import { udpPacket } from '../../src/packet/index.ts';
import type { PlaceId } from '../../src/program/index.ts';
import { address, ProgramDraft, station, transmit } from '../support/programs.ts';

/* What no network that vnsim builds has in it. */

/** A bridge with one port: no network that vnsim builds has one, since each VLAN has the uplink and an HSM. */
export function lonelyBridge(): Tally {
  const draft = new ProgramDraft();
  const bridge = draft.device('bridge', 'tor-switch', 'provider');
  const out = draft.place(bridge, 'out', transmit(draft.at('in')));
  const members = new Map([[0, [{ name: 'only', to: out }]]]);
  const entry = draft.place(bridge, 'in', {
    kind: 'switch',
    bridge: draft.bridge('bridge'),
    port: 'only',
    out,
    mode: { kind: 'unaware' },
    members,
    fixed: null,
  });
  return tallyOf(draft, entry);
}

/** Two wires end to end: networks that vnsim builds have no loop. */
export function endlessWire(): Tally {
  const draft = new ProgramDraft();
  const device = draft.device('wire', 'fabric', 'provider');
  const there = draft.place(device, 'there', transmit(draft.at('back')));
  draft.place(device, 'back', transmit(there));
  return tallyOf(draft, there);
}

function tallyOf(draft: ProgramDraft, entry: PlaceId): Tally {
  const engine = new Engine(draft.finish());
  const ends = { source: address('10.0.0.7'), target: address('10.0.0.201') };
  const body = udpPacket({ ...ends, sourcePort: port(1), targetPort: port(2) });
  engine.begin(entry, { link: { target: station(2), source: station(1), vlan: null }, body });
  engine.run();
  return engine.tally;
}
