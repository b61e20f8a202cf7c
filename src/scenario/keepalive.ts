import { familyOf, type Ip, offset, port } from '../address/index.ts';
import { present } from '../base/index.ts';
import { NO_LINK } from '../dataplane/index.ts';
import { type Channel, MESSAGE_PORTS, type SealedChannel } from '../model/index.ts';
import { echoPacket, type IpPacket, udpPacket } from '../packet/index.ts';
import { signOfLife } from './sign-of-life.ts';
import type { World } from './world.ts';

/** By the id of a channel, how many packets its gateway had opened when it last asked. */
export type Opened = Map<string, number>;

/**
 * The gateway of the virtual network finds out whether its channel is alive, as RFC 3706 has it: an authentic packet from the far end is
 * proof. So that there is one, it pings the far gateway through the channel; and where something was opened since it asked last, it
 * tells management, from its own address on the Internet. Silence is all that a channel says when it fails.
 */
export function keepAlive(world: World, opened: Opened, id: string, channel: Channel): void {
  const { engine, compiled: model } = world;
  const { customer, gateway, kind } = channel;
  if (kind.kind === 'direct') return;
  const { highest } = engine.state.associations().get(`${gateway} opens ${kind.towardsNetwork}`)?.value
    .window ?? { highest: 0 };
  const before = opened.get(id);
  opened.set(id, highest);
  const management = model.internetHosts[model.service?.management ?? ''];
  // who watches in another family hears nothing, and so learns nothing of this channel
  const heard = management !== undefined && familyOf(management.address) === familyOf(kind.public);
  if (heard && before !== undefined && highest > before) {
    send(world, `${gateway}/wan0:gateway`, report(id, kind, management.address));
  }
  const inside = present(model.networks[customer], `the network of ${customer}`).block.address;
  const far = present(model.premises[customer], `the premises of ${customer}`).gateway.address;
  const ends = { source: offset(inside, 1), target: far };
  const ping = echoPacket({ ...ends, direction: 'request', identifier: port(1), sequence: 1 });
  send(world, `${gateway}:out`, ping);
}

function report(id: string, { public: source }: SealedChannel, target: Ip): IpPacket {
  const syslog = port(MESSAGE_PORTS.syslog);
  const payload = new TextEncoder().encode(signOfLife(id));
  return udpPacket({ source, target, sourcePort: syslog, targetPort: syslog, payload });
}

/** A gateway is a router without a stack: what it says begins at one of its places. */
function send({ engine }: World, place: string, packet: IpPacket): void {
  const found = engine.program.places.find(({ name }) => name === place);
  if (found !== undefined) engine.begin(found.id, { link: NO_LINK, body: packet });
}
