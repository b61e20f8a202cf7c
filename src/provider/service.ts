import type { Service } from '../model/index.ts';
import { refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

/** From now on every service network gets a public subnet with a bastion and a gateway (B-01). */
export const setUpService: Verb<Service> = (draft, request) => {
  const { sink, management } = request;
  const hosts = [
    [sink.kind, sink.host],
    ['management', management],
  ] as const;
  const missing = hosts.filter(([, name]) => draft.internetHosts[name] === undefined);
  if (missing.length > 0) return missing.map(([role, name]) => unknown(role, name));
  if (draft.service !== null) return [refuse('provider/no-change', null, 'the service is set up already')];
  draft.service = {
    ...request,
    sink: { ...sink },
    watch: request.watch === null ? null : { ...request.watch },
    crp: { ...request.crp },
    public: { ...request.public },
  };
  return DONE;
};
