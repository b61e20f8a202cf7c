import { familyOf, offset, port } from '../address/index.ts';
import { present } from '../base/index.ts';
import { NO_LINK } from '../dataplane/index.ts';
import type { Peer } from '../host/index.ts';
import { type Channel, SEALED_PORTS, type SealedChannel } from '../model/index.ts';
import { echoPacket, type IpPacket, sealRecord, udpPacket } from '../packet/index.ts';
import { peerOfChannel } from './keyring.ts';
import { signOfLife } from './sign-of-life.ts';
import type { World } from './world.ts';

/** What the gateway of a channel knows when it looks again. */
export interface Known {
  /** how many packets it had opened when it last asked */
  readonly opened: number;
  /** how many messages it has sealed for management */
  readonly told: number;
}

/**
 * The gateway of the virtual network finds out whether its channel is alive, as RFC 3706 has it: an authentic packet from the far end is
 * proof. So that there is one, it pings the far gateway through the channel; and where something was opened since it asked last, it
 * tells management, from its own address on the Internet and under its own key. Silence is all that a channel says when it fails.
 */
export function keepAlive(world: World, channels: Map<string, Known>, id: string, channel: Channel): void {
  const { engine, compiled: model } = world;
  const { customer, gateway, kind } = channel;
  if (kind.kind === 'direct') return;
  const { highest } = engine.state.associations().get(`${gateway} opens ${kind.towardsNetwork}`)?.value
    .window ?? { highest: 0 };
  const before = channels.get(id);
  const management = model.internetHosts[model.service?.management ?? ''];
  // who watches in another family hears nothing, and so learns nothing of this channel
  const heard = management !== undefined && familyOf(management.address) === familyOf(kind.public);
  const tells = heard && before !== undefined && highest > before.opened;
  const told = (before?.told ?? 0) + (tells ? 1 : 0);
  channels.set(id, { opened: highest, told });
  const peer = tells ? peerOfChannel(model, world.scenario.seed, id) : null;
  if (peer !== null) send(world, `${gateway}/wan0:gateway`, report(id, kind, peer, told));
  const inside = present(model.networks[customer], `the network of ${customer}`).block.address;
  const far = present(model.premises[customer], `the premises of ${customer}`).gateway.address;
  const ends = { source: offset(inside, 1), target: far };
  const ping = echoPacket({ ...ends, direction: 'request', identifier: port(1), sequence: 1 });
  send(world, `${gateway}:out`, ping);
}

function report(id: string, { public: source }: SealedChannel, peer: Peer, sequence: number): IpPacket {
  const { address, number, seal } = peer;
  const syslog = port(SEALED_PORTS.syslog);
  const payload = sealRecord(new TextEncoder().encode(signOfLife(id)), number, seal, sequence);
  const target = present(address, 'management has an address');
  return udpPacket({ source, target, sourcePort: syslog, targetPort: syslog, payload });
}

/** A gateway is a router without a stack: what it says begins at one of its places. */
function send({ engine }: World, place: string, packet: IpPacket): void {
  const found = engine.program.places.find(({ name }) => name === place);
  if (found !== undefined) engine.begin(found.id, { link: NO_LINK, body: packet });
}
