export {
  addressChange,
  applyChange,
  applyUdpChange,
  fold,
  internetChecksum,
  pseudoHeaderSum,
  sumBytes,
  udpChecksumField,
  updateAddress,
  updateWord,
  wordChange,
} from './checksum.ts';
export {
  arpReply,
  arpRequest,
  type EchoChoice,
  echoPacket,
  type IcmpErrorChoice,
  type IpChoice,
  icmpErrorPacket,
  type PacketOf,
  type PortChoice,
  type TcpChoice,
  tcpPacket,
  type UdpChoice,
  udpPacket,
} from './construction.ts';
export { type Damage, damageFrame } from './damage.ts';
export {
  deriveRecordKey,
  LAST_RECORD,
  openRecord,
  RECORD_OVERHEAD,
  recordMark,
  recordMarkOf,
  sealRecord,
} from './datagram-record.ts';
export { decodeFrame, decodePacket } from './decoding.ts';
export { describe, describePacket, icmpErrorName, spiText } from './description.ts';
export {
  bodyLength,
  carriedLength,
  encodeFrame,
  encodeFrameInto,
  encodePacket,
  frameLength,
  packetLength,
} from './encoding.ts';
export { deriveEspKey, espKey } from './esp-key.ts';
export { ETHER_TYPE, etherTypeOf } from './ethernet.ts';
export type { DecodeFault, DecodeFaultCode, Layer } from './fault.ts';
export { type Flow, flowOf, flowOfQuote, portlessFlowOf, reverse } from './flow.ts';
export { decrementTtl, incrementTtl } from './forwarding.ts';
export {
  firstPiece,
  fragment,
  join,
  piecesFor,
  piecesOf,
  type Stretch,
} from './fragmentation.ts';
export type {
  ArpHeaders,
  DtlsHeaders,
  EspHeaders,
  Headers,
  IcmpHeaders,
  Ipv4Headers,
  Ipv6Headers,
  PacketHeaders,
  ProtocolName,
  TcpHeaders,
  UdpHeaders,
  WireguardHeaders,
} from './header-shapes.ts';
export {
  flagNames,
  headersOf,
  packetHeadersOf,
  protocolName,
} from './headers.ts';
export {
  ICMP_ERROR,
  ICMP_TYPE,
  ICMPV6_TYPE,
  type IcmpErrorMeaning,
  isErrorType,
  meaningOfError,
} from './icmp.ts';
export { headerLength, icmpOf, isFragment, isIcmp, isIp } from './ip.ts';
export { LARGEST_PACKET } from './ipv4.ts';
export { type Ipv4OptionsReading, readIpv4Options } from './ipv4-options.ts';
export { IPV6_LEAST_MTU } from './ipv6.ts';
export { MECHANISMS, type Mechanism, type MechanismKind, markOf } from './mechanism.ts';
export { groupMac, linkAddressOf, solicitedNode } from './neighbour-discovery.ts';
export { neighbourAdvertisement, neighbourSolicitation } from './neighbour-messages.ts';
export { quoteOf } from './quote.ts';
export {
  espOf,
  type Mark,
  type Opened,
  openPacket,
  sealableLength,
  sealedLength,
  sealPacket,
  type TunnelEnds,
} from './sealing.ts';
export { cmacPrf, SealingKey } from './sealing-key.ts';
export { translate, translateQuote, translateStart } from './translation.ts';
export { isVxlan } from './udp.ts';
export type * from './values.ts';
export { NEIGHBOUR, NO_BYTES, PROTOCOL, TCP, VXLAN_PORT } from './values.ts';
export {
  type ChecksumVerdict,
  hasGoodHeaderChecksum,
  recomputeChecksums,
  verifyChecksums,
  verifyFrame,
  verifyQuote,
} from './verification.ts';
export {
  deriveWireguardKey,
  openWireguard,
  sealWireguard,
  WIREGUARD_PORT,
  wireguardKey,
  wireguardLength,
  wireguardMark,
  wireguardRoom,
} from './wireguard.ts';
export {
  combineEcn,
  entropyPort,
  unwrapFrame,
  vxlanOf,
  WRAPPING_OVERHEAD,
  wrapFrame,
} from './wrapping.ts';
