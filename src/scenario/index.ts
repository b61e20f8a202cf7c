export { withSteps } from './added-steps.ts';
export { readAskedClaims } from './asked-claims.ts';
export { briefTime, formatMeasured } from './bounds.ts';
export { type BridgeRequest, type Crossed, type Crossing, crossBridge } from './bridge.ts';
export { decideClaims, decideEach } from './claim-check.ts';
export { CLAIM_FORMS, parseClaim } from './claim-forms.ts';
export type { Claim, ClaimText, Failing, Party } from './claims.ts';
export { type ComparedPair, type ComparedSet, type Comparison, compareWorlds } from './comparison.ts';
export { type Conversation, converse } from './conversation.ts';
export type { Decided } from './decision.ts';
export type { Done } from './deeds.ts';
export { type CodeExplanation, DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostic-codes.ts';
export { byPlace, type Complaint, type Diagnostic, diagnostic, type Spot } from './diagnostics.ts';
export { parseDuration } from './duration.ts';
export { LARGEST_FILE } from './file-text.ts';
export { type Ground, groundOf, groundOfProgram, type OpenOther, type Outage } from './ground.ts';
export { endOf } from './journey-end.ts';
export { type Loaded, loadScenario } from './load.ts';
export { availabilityOf, type LatencyReport, type LoadReport, throughputOf } from './load-report.ts';
export type { Misreading } from './misreading.ts';
export { type PacketSet, packetSet } from './packet-set.ts';
export { type PingMatrix, type PingResult, pingAll } from './pingall.ts';
export { type Moment, partOf, prepareWorld } from './prepare.ts';
export { printLines, printScenario } from './print.ts';
export { ask, carryOf, type Misunderstood, machineNames, type Question } from './question.ts';
export { type Blocked, type InTheWay, type Passing, type Reach, reachBetween } from './reach.ts';
export { type Replayed, replayWitness } from './replay.ts';
export { performScenario, type Ran, runScenario, summarize } from './run.ts';
export type * from './run-report.ts';
export type * from './scenario.ts';
export type * from './scenario-text.ts';
export { TABLE_NAMES, type Table, type TableName, tablesOf } from './tables.ts';
export { formatTraffic, parseTraffic } from './traffic.ts';
export { type WitnessFile, witnessScenario } from './witness-scenario.ts';
export { nearest, quoted, suggest } from './wording.ts';
export {
  claimedProgram,
  createWorld,
  historyOf,
  isUntouched,
  refresh,
  restarted,
  type World,
} from './world.ts';
