export { assert, InternalError, present, unreachable } from './assert.ts';
export { drawAt, drawBelow } from './draw.ts';
export { type Random, restoreRandom, seededRandom } from './random.ts';
export { failure, type Result, success } from './result.ts';
export { formatSource, type Source } from './source.ts';
export {
  formatNanos,
  LATEST,
  later,
  MICROSECOND,
  MILLISECOND,
  type Nanos,
  nanos,
  SECOND,
  START,
  seconds,
} from './time.ts';
