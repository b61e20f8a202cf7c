export type * from './values.ts';
export { NO_BYTES, PROTOCOL, TCP, VXLAN_PORT } from './values.ts';
