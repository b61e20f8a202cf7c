/**
 * vnsim as a library: a network from a scenario, and questions to it.
 *
 * ```ts
 * const network = loadNetwork(readFileSync('fig3.yaml', 'utf8'), { file: 'fig3.yaml' });
 * trace(network, { from: 'app-310', to: '10.0.0.201', tcp: { port: 1792 } }).outcome; // 'delivered'
 * ```
 *
 * docs/KIT.md is the guide. What is exported here is what others may rely on.
 */

export type { DropReason } from '../dataplane/index.ts';
export type { Detail, Leg, LegEnd, LegHop, LegStage, Look } from '../report/index.ts';
export type { ScenarioText, StepText, TableName } from '../scenario/index.ts';
export { CALL_CODES, type CallCode } from './call-codes.ts';
export { type Captured, capture, capturing } from './capture.ts';
export { type Complaint, VnsimError } from './complaint.ts';
export { type Compared, diff } from './diff.ts';
export type { Answer } from './document.ts';
export { type LoadOptions, loadNetwork, type Network, type Part, perform } from './network.ts';
export { type Pinged, pingall } from './pingall.ts';
export { type Proofs, prove, proving, type WitnessScenario } from './prove.ts';
export { type Reached, reach } from './reach.ts';
export { type Progress, type Ran, run, running } from './run.ts';
export { type Snapshot, snapshot } from './snapshot.ts';
export { type Packet, type Traced, type TraceTextOptions, trace } from './trace.ts';
