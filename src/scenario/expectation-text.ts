import type { DropReason } from '../dataplane/index.ts';
import type { RecordDrop } from '../host/index.ts';
import type { RefusalCode } from '../provider/index.ts';
import type { ConversationOutcome } from './ending.ts';
import type { Named, ServedText } from './scenario-text.ts';
import type { NoticeKind } from './watch.ts';

/* What must be seen, as its file says it. */

export interface ExpectationText {
  readonly delivered?: string;
  readonly path?: readonly string[];
  readonly seen?: readonly SightingText[];
  readonly unseen?: readonly SightingText[];
  readonly reply?: 'none' | ReplyText;
  readonly answer?: string | { readonly text: string } | { readonly signature: 'valid' };
  readonly answers?: readonly string[];
  readonly 'answered-by'?: string | Named<number>;
  readonly outcome?: ConversationOutcome;
  readonly within?: string;
  readonly dropped?: DropReason;
  readonly refused?: RefusalCode;
  readonly at?: string;
  readonly noticed?: 'nothing' | readonly NoticeText[];
  readonly unopened?: UnopenedText;
  readonly load?: ServedText;
  readonly pass?: string;
  readonly fail?: string;
}

/** Exactly one of `about`, `channel` and `zone` is there. */
export interface NoticeText {
  readonly about?: string;
  readonly channel?: string;
  readonly zone?: string;
  readonly as: NoticeKind;
}

export interface UnopenedText {
  readonly at: string;
  readonly because: RecordDrop;
}

export interface SightingText {
  readonly at: string;
  readonly source?: string;
  readonly target?: string;
  readonly ttl?: number;
  readonly 'source-port'?: number;
  readonly 'target-port'?: number;
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | 'esp';
}

export interface ReplyText {
  readonly source?: string;
  readonly target?: string;
  readonly path?: 'reversed' | readonly string[];
}
