export type * from './stages.ts';
export { NOWHERE } from './stages.ts';
