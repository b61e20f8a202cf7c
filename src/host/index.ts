export type { Application, Context, Reaction, StreamEvent } from './application.ts';
export type { TcpState } from './connection.ts';
export { type DropCounts, HOST_DROPS, type HostDrop } from './drop.ts';
export type { Datagram, EchoReply, HostEvent, Unreachable } from './event.ts';
export type { PingRequest } from './icmp.ts';
export type { SavedHost } from './saved.ts';
export { type ConnectionEnds, type HostOptions, type HostStack, hostStack } from './stack.ts';
export type { ConnectFault, ConnectRequest } from './tcp-open.ts';
export { type DatagramRequest, echoDatagrams, type UdpResponder } from './udp.ts';
