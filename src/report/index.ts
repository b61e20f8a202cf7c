export { type Change, changesOf } from './changes.ts';
export {
  type ComparisonDocument,
  comparisonDocument,
  type Exchange,
  type PingallDocument,
  type ProofDocument,
  pingallDocument,
  proofDocument,
  type ReachDocument,
  type RunDocument,
  reachDocument,
  runDocument,
  type TraceDocument,
  traceDocument,
} from './documents.ts';
export type { Rejected, StepExplanation } from './explain/explanation.ts';
export { explain, explainStep } from './explain/table.ts';
export {
  type End,
  endOf,
  type Hop,
  hopsOf,
  type Leg,
  type LegEnd,
  type LegHop,
  type LegStage,
  legOf,
  pathOf,
} from './legs.ts';
export { type CaptureChoice, writeCapture } from './pcapng/capture.ts';
export {
  CODE_TABLES,
  type CodeAnswer,
  type CodeEntry,
  type CodeTable,
  explainCode,
  listCodes,
} from './text/codes.ts';
export { renderComparison } from './text/comparison.ts';
export { renderDeeds } from './text/deeds.ts';
export { type Complaint, renderDiagnostic, renderDiagnostics } from './text/diagnostics.ts';
export { type Look, type Paint, type Palette, PLAIN, PLAIN_LOOK, printable, WIDTH } from './text/look.ts';
export { renderMatrix } from './text/matrix.ts';
export { renderProofs } from './text/proofs.ts';
export { renderReach } from './text/reach.ts';
export { renderRun } from './text/run.ts';
export { type Column, renderTable, type TableDocument, tableDocument } from './text/table.ts';
export { type Detail, renderTrace } from './text/trace.ts';
