import { type Gateway, hasInternet } from '../model/index.ts';
import { joinSites } from './channel.ts';
import type { Compilation } from './compilation.ts';
import { declareInternetHost, finishInternet, type Internet, openInternet } from './internet.ts';
import { declareInternetGateway } from './internet-gateway.ts';
import { closeEntrance, declareSite } from './site.ts';
import { declareVpnGateway } from './vpn-gateway.ts';

/** What lies outside of all virtual networks, and the gateways that lead there. Gives what is to be filled in when all ports are known. */
export function compileBorders(compilation: Compilation): (() => void)[] {
  const { builder, model } = compilation;
  const gateways = Object.values(model.gateways).filter(({ attached }) => attached);
  const internet = hasInternet(model) ? openInternet(builder) : null;
  const fill = compileSites(compilation, internet, gateways);
  if (internet === null) return fill;
  for (const gateway of gateways) {
    if (gateway.kind !== 'vpn') fill.push(declareInternetGateway(compilation, internet, gateway));
  }
  fill.push(...Object.values(model.internetHosts).map((host) => declareInternetHost(internet, host)));
  fill.push(() => finishInternet(internet));
  return fill;
}

/** The customers' premises, and the gateways at the other ends of their channels. */
function compileSites(
  compilation: Compilation,
  internet: Internet | null,
  gateways: readonly Gateway[],
): (() => void)[] {
  const { builder, model } = compilation;
  const fill: (() => void)[] = [];
  const ends = new Map(
    gateways
      .filter(({ kind }) => kind === 'vpn')
      .map((gateway) => {
        const declared = declareVpnGateway(compilation, gateway);
        fill.push(declared.fill);
        return [gateway.network, declared.end];
      }),
  );
  for (const premises of Object.values(model.premises)) {
    const site = declareSite(compilation, premises);
    const channel = model.channels[premises.customer];
    const network = ends.get(premises.customer);
    ends.delete(premises.customer);
    if (channel === undefined || network === undefined) {
      closeEntrance(compilation, site, channel);
      if (network !== undefined) closeEntrance(compilation, network, channel);
    } else {
      joinSites(builder, internet, premises, channel, { premises: site, network });
    }
  }
  for (const end of ends.values()) closeEntrance(compilation, end, undefined);
  return fill;
}
