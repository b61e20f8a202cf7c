export { compile } from './compile.ts';
export type * from './stages.ts';
export { NOWHERE } from './stages.ts';
