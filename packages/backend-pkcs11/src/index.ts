export { tokenBackend } from './backend.ts';
export { openToken, type Token, type TokenOptions } from './token.ts';
