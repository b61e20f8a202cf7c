export { compile } from './compile.ts';
export { type Matched, matchedFields, mismatch, type RuleField } from './matching.ts';
export type * from './stages.ts';
export { NOWHERE } from './stages.ts';
