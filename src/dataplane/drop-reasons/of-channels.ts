import type { DropExplanation } from './explanation.ts';

/** Between the gateways of two sites. */
export type ChannelReason =
  | 'channel.down'
  | 'channel.not-carried'
  | 'esp.unknown-spi'
  | 'esp.auth-failed'
  | 'esp.replayed'
  | 'esp.policy'
  | 'esp.sequence-exhausted'
  | 'wireguard.unknown-index'
  | 'wireguard.auth-failed'
  | 'wireguard.replayed'
  | 'wireguard.not-allowed'
  | 'wireguard.counter-exhausted';

export const CHANNEL_REASONS: { readonly [Code in ChannelReason]: DropExplanation } = {
  'channel.down': {
    title: 'the channel between the sites is down',
    meaning:
      'The gateways of the premises and of the virtual network are joined by a channel, and it has failed. Each site goes on by itself: who is in the virtual network keeps its HSM, who is on the premises loses it.',
    elsewhere: 'BAD_STATE_VPN (AWS)',
    icmp: null,
  },
  'channel.not-carried': {
    title: 'the channel does not carry these addresses',
    meaning:
      'A channel carries packets from the blocks of one site to the blocks of the other and nothing else, so that nobody at one site can pretend to be somebody at another (RFC 4301 5.1).',
    elsewhere: 'GATEWAY_REJECTS_SPOOFED_TRAFFIC (AWS), XfrmOutPolBlock (Linux)',
    icmp: null,
  },
  'esp.unknown-spi': {
    title: 'the gateway has no such security association',
    meaning:
      'The security parameters index of an ESP packet names the association whose key opens it, and this gateway has none with this number (RFC 4303 3.4.2).',
    elsewhere: 'XfrmInNoStates (Linux)',
    icmp: null,
  },
  'esp.auth-failed': {
    title: 'the packet was changed on the way, or made by a stranger',
    meaning:
      'The integrity check value of an ESP packet is computed from its bytes with the key of the association. It does not fit: some bit is not as the other gateway sent it (RFC 4303 3.4.4). Nothing of it is looked at.',
    elsewhere: 'XfrmInStateProtoError (Linux)',
    icmp: null,
  },
  'esp.replayed': {
    title: 'this packet was here before, or comes far too late',
    meaning:
      'Each ESP packet has a number of its own. The receiver remembers which of the last 64 it had, and takes none twice and none that is older (RFC 4303 3.4.3).',
    elsewhere: 'XfrmInStateSeqError (Linux)',
    icmp: null,
  },
  'esp.policy': {
    title: 'the policy of the channel does not allow it',
    meaning:
      'What comes out of an association must be an IPv4 packet from the blocks of one site to the blocks of the other, and what reaches the gateway from outside must be sealed. A mark of congestion that the packet inside cannot take is refused too (RFC 4301 5.2, RFC 6040 4.2).',
    elsewhere: 'XfrmInNoPols, XfrmInTmplMismatch (Linux)',
    icmp: null,
  },
  'esp.sequence-exhausted': {
    title: 'the sequence numbers of the association are used up',
    meaning:
      'A sequence number is used once for each key, because with AES-GCM a second use gives the secret away; after 2^32-1 packets nothing more is sent (RFC 4303 3.3.3, RFC 4106 2). Real gateways agree on a new key before, by IKE, which is not modelled.',
    elsewhere: 'XfrmOutStateSeqError (Linux)',
    icmp: null,
  },
  'wireguard.unknown-index': {
    title: 'the gateway has no key with this index',
    meaning:
      'A transport data message of WireGuard names the key that opens it by an index that the receiver has chosen, and this gateway has chosen no such index (WireGuard 5.4.6).',
    elsewhere: 'silence (Linux)',
    icmp: null,
  },
  'wireguard.auth-failed': {
    title: 'the datagram was changed on the way, or made by a stranger',
    meaning:
      'The tag behind the ciphertext is computed from it with the key of this direction, and it does not fit; or the checksum of the datagram does not, which UDP looks at before. Nothing of it is believed (RFC 8439 2.8).',
    elsewhere: 'rx_errors of the interface, UdpInCsumErrors (Linux)',
    icmp: null,
  },
  'wireguard.replayed': {
    title: 'this datagram was here before, or comes far too late',
    meaning:
      'Each message has a counter of its own. The receiver remembers which of the last 64 it had, and takes none twice and none that is older (RFC 6479; implementations of WireGuard remember thousands).',
    elsewhere: '“Packet has invalid nonce” (Linux)',
    icmp: null,
  },
  'wireguard.not-allowed': {
    title: 'the far gateway may not send that',
    meaning:
      'A peer may send what lies in its list of allowed addresses, here from the blocks of one site to the blocks of the other, and nothing but data messages is taken from outside. A mark of congestion that the packet inside cannot take is refused too (WireGuard 2.1, RFC 6040 4.2).',
    elsewhere: '“Packet has unallowed src IP” (Linux)',
    icmp: null,
  },
  'wireguard.counter-exhausted': {
    title: 'the counter of the key is used up',
    meaning:
      'A counter is used once for each key, because with ChaCha20-Poly1305 a second use gives the secret away. Real gateways shake hands for a new key every two minutes; the handshake is not modelled, and keys last for 2^53-1 packets here.',
    elsewhere: 'REJECT_AFTER_MESSAGES (Linux)',
    icmp: null,
  },
};
