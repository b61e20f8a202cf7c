export { compile } from './compile.ts';
export { type Matched, matchedFields, mismatch, type RuleField } from './matching.ts';
export type * from './program.ts';
export { NOWHERE } from './program.ts';
export type * from './stages.ts';
