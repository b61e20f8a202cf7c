import { type Mac, mac } from '../address/index.ts';

/** Link address of the implicit router of every subnet; virtual networks are apart, so one is enough. */
export const ROUTER_MAC: Mac = mac(0x02fffe0000ff);
