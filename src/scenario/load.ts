import { formatSource } from '../base/index.ts';
import { check } from './checks.ts';
import { checkClaims } from './claim-rules.ts';
import { byPlace, type Complaint, type Diagnostic } from './diagnostics.ts';
import { directoryOf } from './directory.ts';
import { readText } from './file-text.ts';
import { intended } from './intended.ts';
import { readClaims } from './read-claims.ts';
import { readLinks } from './read-links.ts';
import { readSteps } from './read-steps.ts';
import { readCustomers, readInternet, readProvider } from './read-world.ts';
import type { Locate, Reading } from './reading.ts';
import type { Scenario } from './scenario.ts';
import { asScenarioText, type Fault, shapeFaults } from './shape.ts';
import { soundPart } from './sound-part.ts';
import { type SourceMap, sourceMap } from './source-map.ts';
import { type SourceText, sourceText } from './source-text.ts';
import { readYaml } from './yaml-tree.ts';
import type { YamlTree } from './yaml-values.ts';

/** `scenario` is there exactly when no diagnostic is an error. */
export interface Loaded {
  readonly scenario: Scenario | null;
  /** in the order of the file */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a scenario file (YAML 1.2 or JSON) and complains of every mistake at once, each with its place.
 *
 * Never throws, whatever the content. `file` is only what complaints call it.
 */
export function loadScenario(content: string | Uint8Array, file: string): Loaded {
  const text = readText(content, file);
  if (!text.ok) return { scenario: null, diagnostics: [text.fault] };
  const source = sourceText(file, text.value);
  const { tree, complaints } = readYaml(source);
  if (tree === null) return { scenario: null, diagnostics: tidy(complaints) };
  const read = readTree(tree, source);
  const diagnostics = tidy([...complaints, ...read.faults.map((fault) => read.map.diagnose(fault))]);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return { scenario: failed ? null : read.finish(), diagnostics };
}

interface Read {
  readonly faults: readonly Fault[];
  readonly map: SourceMap;
  /** only where there is no error */
  finish(): Scenario | null;
}

function readTree(tree: YamlTree, source: SourceText): Read {
  const map = sourceMap(tree.place, source);
  const shape = shapeFaults(tree.value, map.textAt);
  const text = soundPart(
    tree.value,
    shape.map(({ where }) => where),
  );
  if (text === null) return { faults: shape, map, finish: () => null };

  const directory = directoryOf(intended(tree, shape));
  const said: Locate = (where) => ({ where, source: map.sourceOf(where) });
  const provider = readProvider(said, text.provider);
  const internetHosts = readInternet(said, text.internet);
  const customers = readCustomers(said, text.customers);
  const steps = text.steps ?? [];
  const reading: Reading = { directory, customers, said, faults: [], isLost: (step) => !(step in steps) };
  const links = readLinks(reading, text.provider.links ?? []);
  const read = readSteps(reading, steps);
  const claims = readClaims(reading, text.prove ?? []);
  const rules = check({
    directory,
    provider,
    links,
    internetHosts,
    customers,
    steps: Array.from(read, (step) => step ?? null),
    lineOf: (where) => map.sourceOf(where).line,
  });

  return {
    faults: [...shape, ...reading.faults, ...rules, ...checkClaims(claims)],
    map,
    finish: () => ({
      file: source.file,
      title: text.title,
      about: text.about ?? null,
      seed: text.seed ?? DEFAULT_SEED,
      provider,
      links,
      internetHosts,
      customers,
      steps: read.flatMap((step) => step ?? []),
      claims,
      text: asScenarioText(tree.value),
      sourceOf: map.sourceOf,
      diagnose: (code, where, complaint: Complaint) => map.diagnose({ code, where, complaint }),
    }),
  };
}

const DEFAULT_SEED = 1;

/** In order, and each thing once: what an alias repeats would be said again for each repetition. */
export function tidy(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const once = new Map(
    diagnostics.map((entry) => [
      `${formatSource(entry)}:${entry.column} ${entry.code} ${entry.message}`,
      entry,
    ]),
  );
  return [...once.values()].sort(byPlace);
}
