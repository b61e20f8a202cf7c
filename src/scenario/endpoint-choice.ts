import type { Endpoint } from '../model/index.ts';

/** What answers behind a port. */
export type EndpointChoice = Endpoint;
