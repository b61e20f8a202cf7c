import fc from 'fast-check';
import { anyBorders } from '../../src/testing/borders.ts';
import { anyForgery } from './forgeries.ts';
import { anyNetwork, type NetworkPlan } from './networks.ts';
import { anyCall, type Call, type Trial } from './traffic.ts';

/** Networks with gateways, routes and peerings, and frames that anybody forges, the Internet among them. */
export const borderedTrial: fc.Arbitrary<Trial> = fc.record({
  network: fc.tuple(anyNetwork, anyBorders).map(
    ([plan, borders]): NetworkPlan => ({
      ...plan,
      borders,
      // routes that a channel propagates have laws of their own
      tenants: plan.tenants.map((tenant) => ({ ...tenant, premises: null })),
    }),
  ),
  calls: fc
    .array(fc.tuple(anyCall, fc.boolean()), { minLength: 1, maxLength: 8 })
    .map((calls) => calls.map(([call, outside]): Call => (outside ? { ...call, to: 'anybody' } : call))),
  forgeries: fc.array(anyForgery, { maxLength: 10 }),
});
