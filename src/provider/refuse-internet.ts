import { contains, formatCidr, formatIp, isIpv6, overlaps } from '../address/index.ts';
import { type GatewayKind, type Model, notPublicBlock } from '../model/index.ts';
import { globalNetworks } from './internet-hosts.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * Why a network may not lead to the Internet by a gateway of this kind, or `null`. IPv4 addresses are replaced there, so any will
 * do; those of IPv6 are on the Internet as they are, and belong to nobody else.
 */
export function refuseInternet(model: Model, id: string, kind: GatewayKind): Refusal | null {
  const network = model.networks[id];
  if (kind === 'vpn' || network === undefined) return null;
  const { block } = network;
  const text = formatCidr(block);
  if (!isIpv6(block.address)) {
    if (kind === 'internet') return null;
    const message = `an egress-only gateway is for addresses that are global themselves, and ${id} is ${text}`;
    return refuse('provider/other-family', null, message);
  }
  const why = notPublicBlock(block);
  if (why !== null) {
    return refuse('provider/not-public', null, `${text} holds no addresses on the Internet: ${why}`);
  }
  const other = globalNetworks(model).find((one) => one.id !== id && overlaps(one.block, block));
  if (other !== undefined) {
    const message = `${text} overlaps ${formatCidr(other.block)} of ${other.id}, which is on the Internet too`;
    return refuse('provider/overlap', null, message);
  }
  return holderRefusal(model, network.block);
}

/** Somebody on the Internet whose address lies in the block. */
function holderRefusal(model: Model, block: Parameters<typeof contains>[0]): Refusal | null {
  const hosts = Object.values(model.internetHosts).map(({ name, address }) => [name, address] as const);
  const sites = Object.values(model.premises).map(({ gateway }) => [gateway.name, gateway.public] as const);
  const held = [...hosts, ...sites].find(([, address]) => contains(block, address));
  if (held === undefined) return null;
  const [name, address] = held;
  const message = `${formatIp(address)} belongs to ${name} on the Internet already`;
  return refuse('provider/address-taken', null, message);
}
