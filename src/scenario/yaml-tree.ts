import { Composer, type CST, type Document, isScalar, Lexer, type Node, Parser, type YAMLError } from 'yaml';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import { type Complaint, type Diagnostic, diagnostic } from './diagnostics.ts';
import type { SourceText } from './source-text.ts';
import { type Complain, type Extent, valuesOf, type YamlTree } from './yaml-values.ts';

const DEEPEST = 64;
/** Tokens, spaces and line ends included: about ten a line. Keeps hostile files from taking minutes. */
const MOST_LEXEMES = 400_000;
/** After one breach of the grammar the rest is guesswork, and there may be one a character. */
const MOST_ERRORS = 50;
const LONGEST_SENTENCE = 120;

/** Reads YAML 1.2. Without a tree, at least one complaint says why; with one there may be complaints all the same. */
export function readYaml(source: SourceText): {
  readonly tree: YamlTree | null;
  readonly complaints: Diagnostic[];
} {
  const complaints: Diagnostic[] = [];
  const complain: Complain = (code, extent: Extent | null, complaint) => {
    const spot = extent === null ? null : source.spot(extent[0], extent[1]);
    complaints.push(diagnostic(code, source.file, spot, complaint));
  };

  const document = compose(source.text, complain);
  if (document === null) return { tree: null, complaints };

  for (const error of document.errors.slice(0, MOST_ERRORS))
    complain(codeOf(error), error.pos, syntaxComplaint(error));
  for (const warning of document.warnings.slice(0, MOST_ERRORS))
    complain('scenario/unsupported-yaml', warning.pos, syntaxComplaint(warning));
  if (complaints.length > 0) return { tree: null, complaints };

  if (document.contents === null || isEmptyScalar(document.contents)) {
    complain('scenario/empty', null, {
      message: 'the file says nothing',
      help: 'a scenario has at least a title and a provider with a zone',
    });
    return { tree: null, complaints };
  }
  const tree = valuesOf(document.contents, source, complain);
  return { tree, complaints };
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

/** `null` where the text was given up; then there is a complaint. */
function compose(text: string, complain: Complain): Document | null {
  // Maps with many keys would be compared pair by pair: equal keys are found in `valuesOf` instead.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, resolveKnownTags: false });
  const refusal: { given: boolean } = { given: false };
  let first: Document | null = null;
  for (const document of composer.compose(tokens(text, complain, refusal), true, text.length)) {
    if (refusal.given) return null;
    if (first !== null) {
      complain('scenario/several-documents', [document.range[0], document.range[0]], {
        message: 'a second document starts here; a file holds one scenario',
        help: 'put it into a file of its own',
      });
      return null;
    }
    first = document as Document;
  }
  return refusal.given ? null : first;
}

/**
 * The tokens of the text, ended early where it is nested too deeply or has too many of them.
 * The composer recurses: without this a few kilobytes of brackets would end the process.
 */
function* tokens(text: string, complain: Complain, refusal: { given: boolean }): Generator<CST.Token, void> {
  const parser = new Parser();
  let offset = 0;
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    lexemes += 1;
    if (parser.stack.length > DEEPEST) {
      refusal.given = true;
      complain('scenario/too-deep', [offset, offset + 1], {
        message: `values are nested more than ${DEEPEST} levels deep here`,
      });
      return;
    }
    if (lexemes > MOST_LEXEMES) {
      refusal.given = true;
      complain('scenario/too-many-values', [offset, offset + 1], {
        message: 'the file holds more than a scenario can: reading stopped here',
        help: 'large networks are generated through the library, not written down',
      });
      return;
    }
    offset += lexeme.length;
  }
  yield* parser.end();
}

function codeOf(error: YAMLError): DiagnosticCode {
  return error.code === 'TAG_RESOLVE_FAILED' || error.code === 'BAD_DIRECTIVE'
    ? 'scenario/unsupported-yaml'
    : 'scenario/syntax';
}

/** The parser's own sentence, in our spelling, and a way out where there is a usual one. */
function syntaxComplaint(error: YAMLError): Complaint {
  const open = /^Flow (map|sequence) in block collection must be/.exec(error.message)?.[1];
  if (open !== undefined) {
    const [what, bracket, end] = open === 'map' ? ['map', '{', '}'] : ['list', '[', ']'];
    return {
      message: `the ${what} that "${bracket}" began is not closed before here`,
      help: `close it with "${end}"; lines inside it are indented further than its key`,
    };
  }
  // Some of them repeat a piece of the file, of any length.
  const sentence = (error.message.split('\n', 1)[0] ?? '').slice(0, LONGEST_SENTENCE);
  return {
    message: sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/[.:]$/, ''),
    help: WAYS_OUT[error.code] ?? null,
  };
}

const WAYS_OUT: { readonly [Code in YAMLError['code']]?: string } = {
  TAB_AS_INDENT: 'indent with spaces',
  MISSING_CHAR: 'a bracket, quote, comma or space is missing here or before',
  BLOCK_IN_FLOW:
    'put quotes around text with colons in it inside { } or [ ], such as an IPv6 address: "fd00:20::7"',
  BAD_INDENT: 'entries of one map or list start in the same column',
  BLOCK_AS_IMPLICIT_KEY: 'put quotes around text that contains ": "',
  MULTILINE_IMPLICIT_KEY: 'is a ":" missing, or a quote never closed?',
  BAD_SCALAR_START: 'put quotes around text that starts with this character',
  BAD_DQ_ESCAPE: 'write a backslash as \\\\, or use single quotes',
  TAG_RESOLVE_FAILED: 'scenarios use no tags: leave it out, or put quotes around the text',
  BAD_DIRECTIVE: 'scenarios use no directives: leave the line out',
};
