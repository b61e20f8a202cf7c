export type { Application, Context, Reaction, StreamEvent } from './application.ts';
export { chooseTarget, type Mode, type Policy, type Situation, type Target } from './balancer/choice.ts';
export type { HealthCheck } from './balancer/health.ts';
export {
  type BalancerOptions,
  type LoadBalancer,
  loadBalancer,
  type TargetStatus,
} from './balancer/load-balancer.ts';
export type { TcpState } from './connection.ts';
export { type DropCounts, HOST_DROPS, type HostDrop } from './drop.ts';
export type { Accepted, Datagram, EchoReply, HostEvent, Unreachable } from './event.ts';
export type { PingRequest } from './icmp.ts';
export type { Cut, Cutting, SendFault } from './outgoing.ts';
export { isRecordDrop, RECORD_DROPS, type RecordDrop } from './record-drops.ts';
export type { SavedHost } from './saved.ts';
export type { Peer } from './secrecy.ts';
export { type ConnectionEnds, type HostOptions, type HostStack, hostStack } from './stack.ts';
export type { ConnectFault, ConnectRequest } from './tcp-open.ts';
export { type DatagramRequest, echoDatagrams, type UdpResponder } from './udp.ts';
