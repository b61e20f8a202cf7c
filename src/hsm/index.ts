export type { Application, Context, Reaction, StreamEvent } from './application.ts';
export { echo } from './echo.ts';
export { LONGEST_LINE } from './line.ts';
export { type SecurityModuleOptions, type SecurityModuleState, securityModule } from './security-module.ts';
export { type SignatureAlgorithm, verifySignature } from './signature.ts';
