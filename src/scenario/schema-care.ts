import type { z } from 'zod';
import type {
  ConfigureClientText,
  LogTargetText,
  LogText,
  PanelText,
  RemoveLogTargetText,
  ReplaceHsmText,
  ShareHsmText,
  SwitchInterfaceText,
  TamperText,
  TerminateText,
} from './scenario-text.ts';
import { agreeing, choice, duration, map, reference, text, truth } from './schema-parts.ts';

const sort = choice(
  ['syslog', 'traps'],
  'Syslog on port 514, or SNMP traps on 162; from the bastion on it is encrypted, on ports 6514 and 10162. Default: syslog.',
).exactOptional();

const target = {
  customer: reference('The customer who asks.'),
  hsm: reference('The HSM that serves it.'),
  sort,
};

const vni = {
  vni: reference('An interface of a NAT instance: vni-314.'),
  by: choice(['customer', 'provider'], 'Who asks. Default: provider.').exactOptional(),
};

const share = {
  customer: reference('The customer that the HSM is given to.'),
  hsm: reference('The HSM.'),
  with: reference('The other customer.'),
};

/** What is asked of the provider about devices that are there. */
export const careVerbs: {
  readonly 'add-log-target': z.ZodExactOptional<z.ZodType<LogTargetText>>;
  readonly 'remove-log-target': z.ZodExactOptional<z.ZodType<RemoveLogTargetText>>;
  readonly 'detach-vni': z.ZodExactOptional<z.ZodType<SwitchInterfaceText>>;
  readonly 'attach-vni': z.ZodExactOptional<z.ZodType<SwitchInterfaceText>>;
  readonly 'replace-hsm': z.ZodExactOptional<z.ZodType<ReplaceHsmText>>;
  readonly 'share-hsm': z.ZodExactOptional<z.ZodType<ShareHsmText>>;
  readonly 'unshare-hsm': z.ZodExactOptional<z.ZodType<ShareHsmText>>;
  readonly 'configure-client': z.ZodExactOptional<z.ZodType<ConfigureClientText>>;
  readonly tamper: z.ZodExactOptional<z.ZodType<TamperText>>;
  readonly terminate: z.ZodExactOptional<z.ZodType<TerminateText>>;
} = {
  'add-log-target': agreeing<LogTargetText>()(map(target))
    .meta({
      description:
        'The HSM reports to the customer’s collector as well, by a reverse mapping of its NAT instance. The provider’s own targets stay.',
    })
    .exactOptional(),
  'remove-log-target': agreeing<RemoveLogTargetText>()(
    map({
      ...target,
      whose: choice(['customer', 'provider'], 'Whose target. Default: customer.').exactOptional(),
    }),
  )
    .meta({ description: 'The customer takes a target away; the provider’s it cannot.' })
    .exactOptional(),
  'detach-vni': agreeing<SwitchInterfaceText>()(map(vni))
    .meta({
      description: 'An interface is taken off its NAT instance. Its address stays, with nothing behind it.',
    })
    .exactOptional(),
  'attach-vni': agreeing<SwitchInterfaceText>()(map(vni))
    .meta({ description: 'It is attached again (FIG. 6, 614).' })
    .exactOptional(),
  'replace-hsm': agreeing<ReplaceHsmText>()(
    map({
      hsm: reference('The HSM that has failed, or is to go.'),
      by: reference('A free one, which takes its place with an address of its own and none of its keys.'),
    }),
  )
    .meta({
      description:
        'The provider puts another HSM behind the same interface. Live connections are forgotten: none of them leads to the new one.',
    })
    .exactOptional(),
  'share-hsm': agreeing<ShareHsmText>()(map(share))
    .meta({
      description:
        'The customer of an HSM lets another customer use it too. That one asks for it by name in a request-hsm of its own, and comes by a service network of its own.',
    })
    .exactOptional(),
  'unshare-hsm': agreeing<ShareHsmText>()(map(share))
    .meta({ description: 'It takes that back: what the other customer sends to the HSM is dropped.' })
    .exactOptional(),
  'configure-client': agreeing<ConfigureClientText>()(
    map({
      machine: reference('An instance, or a machine on the premises.'),
      installed: truth('Whether it has the software from now on. Default: true.').exactOptional(),
    }),
  )
    .meta({
      description:
        'The customer puts client software for HSMs on a machine (FIG. 7, 712). The HSM must know the machine, too.',
    })
    .exactOptional(),
  tamper: agreeing<TamperText>()(map({ device: reference('A PIN entry device.') }))
    .meta({
      description:
        'Somebody opens a PIN entry device. It erases what pairs it with modules, and refuses its service.',
    })
    .exactOptional(),
  terminate: agreeing<TerminateText>()(map({ instance: reference('The instance.') }))
    .meta({ description: 'A customer’s instance goes, with its address. Routes to it become black holes.' })
    .exactOptional(),
};

/** Something that a device has to tell. */
export const logSchema: z.ZodType<LogText> = agreeing<LogText>()(
  map({
    from: reference('The HSM.'),
    sort,
    text: text('text', 'What it says.'),
  }).meta({
    description:
      'An event that an HSM reports, to the provider’s bastion and to the customer’s collector where there is one.',
  }),
);

/** What needs hands. */
export const panelSchema: z.ZodType<PanelText> = agreeing<PanelText>()(
  map({
    hsm: reference('A security module (endpoint: module).'),
    do: choice(
      ['power-off', 'power-on', 'suspend', 'restore-service', 'reclaim', 'tamper-alarm', 'tamper-breach'],
      'Its power; a suspension for want of payment, its end, or the return of the module once the period is over; a sensor that speaks, or a case that is opened.',
    ),
    period: duration(
      'How long a suspended module waits to be paid for: `30 d`. Default: not at all.',
    ).exactOptional(),
  }).meta({
    description:
      'Somebody at the machine itself. `expect: { answers: [CODE] }` where the module is to refuse; otherwise it is to be done.',
  }),
);
