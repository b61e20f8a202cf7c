import type { Ip } from '../address/index.ts';
import { type Nanos, nanos } from '../base/index.ts';
import type { ErrorRate } from '../program/index.ts';

/**
 * How many ICMP errors a router has sent to whom: a bucket of tokens for each destination (RFC 1812 4.3.2.8).
 *
 * As in Linux: a token an interval, and no more than a burst of them saved up. A destination that was left alone so long
 * that its bucket is full again is as good as new, and is forgotten when there are many.
 */
export class ErrorBuckets {
  private readonly buckets: Map<Ip, Bucket> = new Map();

  /** The same buckets, which then go their own way: for checkpoints. */
  copy(): ErrorBuckets {
    const twin = new ErrorBuckets();
    // a bucket is replaced, never changed
    for (const [target, bucket] of this.buckets) twin.buckets.set(target, bucket);
    return twin;
  }

  allows(target: Ip, rate: ErrorRate, now: Nanos): boolean {
    return this.saved(target, rate, now) >= rate.interval;
  }

  /** An error was sent. */
  take(target: Ip, rate: ErrorRate, now: Nanos): void {
    const saved = this.saved(target, rate, now);
    if (this.buckets.size >= MANY) this.forgetFull(rate, now);
    this.buckets.set(target, { saved: nanos(saved - rate.interval), at: now });
  }

  private saved(target: Ip, { burst, interval }: ErrorRate, now: Nanos): number {
    const bucket = this.buckets.get(target);
    const most = burst * interval;
    return bucket === undefined ? most : Math.min(most, bucket.saved + now - bucket.at);
  }

  private forgetFull(rate: ErrorRate, now: Nanos): void {
    for (const target of [...this.buckets.keys()]) {
      if (this.saved(target, rate, now) >= rate.burst * rate.interval) this.buckets.delete(target);
    }
  }
}

interface Bucket {
  /** in time, as Linux counts: an error costs an interval */
  readonly saved: Nanos;
  readonly at: Nanos;
}

const MANY = 4096;
