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
  type Ipv4Choice,
  icmpErrorPacket,
  type PortChoice,
  type TcpChoice,
  tcpPacket,
  type UdpChoice,
  udpPacket,
} from './construction.ts';
export { type Damage, damageFrame } from './damage.ts';
export { decodeFrame, decodePacket } from './decoding.ts';
export { describe, describePacket, spiText } from './description.ts';
export {
  bodyLength,
  carriedLength,
  encodeFrame,
  encodeFrameInto,
  encodePacket,
  frameLength,
  packetLength,
} from './encoding.ts';
export { cmacPrf, deriveEspKey, EspKey } from './esp-key.ts';
export { ETHER_TYPE, etherTypeOf } from './ethernet.ts';
export type { DecodeFault, DecodeFaultCode, Layer } from './fault.ts';
export { type Flow, flowOf, flowOfQuote, reverse } from './flow.ts';
export { decrementTtl, incrementTtl } from './forwarding.ts';
export {
  firstPiece,
  fragment,
  join,
  piecesFor,
  piecesOf,
  type Stretch,
} from './fragmentation.ts';
export {
  type ArpHeaders,
  type EspHeaders,
  flagNames,
  type Headers,
  headersOf,
  type IcmpHeaders,
  type Ipv4Headers,
  type PacketHeaders,
  type ProtocolName,
  packetHeadersOf,
  protocolName,
  type TcpHeaders,
  type UdpHeaders,
} from './headers.ts';
export { ICMP_TYPE, isErrorType } from './icmp.ts';
export { isFragment, LARGEST_PACKET } from './ipv4.ts';
export { type Ipv4OptionsReading, readIpv4Options } from './ipv4-options.ts';
export { quoteOf } from './quote.ts';
export {
  espOf,
  type Opened,
  openPacket,
  sealableLength,
  sealedLength,
  sealPacket,
  type TunnelEnds,
} from './sealing.ts';
export { translate, translateQuote, translateStart } from './translation.ts';
export { isVxlan } from './udp.ts';
export type * from './values.ts';
export { NO_BYTES, PROTOCOL, TCP, VXLAN_PORT } from './values.ts';
export {
  type ChecksumVerdict,
  hasGoodHeaderChecksum,
  recomputeChecksums,
  verifyChecksums,
  verifyFrame,
  verifyQuote,
} from './verification.ts';
export {
  combineEcn,
  entropyPort,
  unwrapFrame,
  vxlanOf,
  WRAPPING_OVERHEAD,
  wrapFrame,
} from './wrapping.ts';
