import { parseCidr, parseIp, port } from '../address/index.ts';
import type { Channel, Premises, SiteMachine } from './declared.ts';
import { DEFAULT_LAN } from './directory.ts';
import { fromAddress } from './misreading.ts';
import { endpointChoice, mapNamed, readListeners } from './read-listeners.ts';
import { type Locate, sure } from './reading.ts';
import type { Path } from './said.ts';
import type { ChannelText, PremisesText } from './scenario-text.ts';

const DEFAULT_MODEL = 'luna-sa';
const DEFAULT_PORT = 1792;

/** What a customer has on its premises: text to values, defaults filled in. */
export function readPremises(
  said: Locate,
  customer: string,
  text: PremisesText | undefined,
  where: Path,
): Premises | null {
  if (text === undefined) return null;
  return {
    ...said(where),
    cidr: sure(fromAddress(parseCidr(text.cidr))),
    gateway: text.gateway,
    public: sure(fromAddress(parseIp(text.public))),
    lan: text.lan ?? DEFAULT_LAN,
    machines: [
      ...mapNamed(text.hosts, (name, host): SiteMachine => {
        const place = [...where, 'hosts', name];
        const listen = readListeners(said, host.listen, place);
        const hsmClient = host['hsm-client'] ?? true;
        return {
          ...said(place),
          ...common(customer, name, host),
          kind: 'host',
          model: null,
          hsmClient,
          listen,
        };
      }),
      ...mapNamed(text.hsms, (name, hsm): SiteMachine => {
        const place = [...where, 'hsms', name];
        const service = {
          port: port(hsm.port ?? DEFAULT_PORT),
          endpoint: endpointChoice(hsm.endpoint ?? 'hsm'),
        };
        const model = hsm.model ?? DEFAULT_MODEL;
        const listen = [{ ...said(place), ...service }];
        return {
          ...said(place),
          ...common(customer, name, hsm),
          kind: 'hsm',
          model,
          hsmClient: false,
          listen,
        };
      }),
      ...mapNamed(text.rpeds, (name, rped): SiteMachine => {
        const model = rped.model ?? DEFAULT_MODEL;
        return {
          ...said([...where, 'rpeds', name]),
          ...common(customer, name, rped),
          kind: 'rped',
          model,
          hsmClient: false,
          listen: [],
        };
      }),
    ],
  };
}

function common(customer: string, name: string, { address }: { readonly address: string }) {
  return { customer, name, address: sure(fromAddress(parseIp(address))) };
}

export function readChannel(said: Locate, text: ChannelText | undefined, where: Path): Channel | null {
  if (text === undefined) return null;
  const address = text.public === undefined ? null : sure(fromAddress(parseIp(text.public)));
  return { ...said(where), kind: text.kind, public: address, propagates: text.propagate ?? true };
}
