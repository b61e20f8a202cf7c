import { type Cidr, parseCidr } from '../address/index.ts';
import { present } from '../base/index.ts';

/** The block that a text of ours means. */
export function block(text: string): Cidr {
  const parsed = parseCidr(text);
  return present(parsed.ok ? parsed.value : null, `${text} is a block`);
}
