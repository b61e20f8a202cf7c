import { type Gateway, type GatewayKind, hasInternet } from '../model/index.ts';
import type { Compilation } from './compilation.ts';
import { declareInternetHost, finishInternet, type Internet, openInternet } from './internet.ts';
import { declareInternetGateway } from './internet-gateway.ts';

/** How each kind of gateway joins its network to what is outside. Gives what is to be filled in when all ports are known. */
const GATEWAYS: {
  readonly [K in GatewayKind]: (compilation: Compilation, internet: Internet, gateway: Gateway) => () => void;
} = { internet: declareInternetGateway };

/** What lies outside of all virtual networks, and the gateways that lead there; nothing where the model has neither. */
export function compileBorders(compilation: Compilation): (() => void)[] {
  const { builder, model } = compilation;
  if (!hasInternet(model)) return [];
  const internet = openInternet(builder);
  const fill = Object.values(model.gateways).flatMap((gateway) =>
    gateway.attached ? [GATEWAYS[gateway.kind](compilation, internet, gateway)] : [],
  );
  fill.push(...Object.values(model.internetHosts).map((host) => declareInternetHost(internet, host)));
  fill.push(() => finishInternet(internet));
  return fill;
}
