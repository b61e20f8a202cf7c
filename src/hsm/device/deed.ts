import type { Condition } from '../access/access.ts';
import type { Role } from '../access/role.ts';
import { ACCESS } from '../access/table.ts';
import { CODES, type Code } from '../codes/code.ts';
import type { CommandKind } from './commands.ts';
import type { Life } from './state.ts';

/** What decided about a request: the table of access, handles and slots, custody, the quorum, or the command itself. */
export type DecidedBy = 'access' | 'handles' | 'custody' | 'quorum' | 'command';

/** What the module did with one request, for whoever explains a run. Names, roles and codes, and nothing that was in the request. */
export interface Deed {
  /** `null`: bytes that are no command */
  readonly command: CommandKind | null;
  readonly actor: string;
  readonly role: Role;
  /** name of the partition that it was about; `null`: of none */
  readonly partition: string | null;
  readonly life: Life;
  readonly condition: Condition;
  readonly outcome: 'done' | 'silent' | Code;
  readonly decidedBy: DecidedBy;
  /** the module's own words, possibly none */
  readonly why: string;
}

/** What came of a request in a sentence: the rule that refused it, or what the code means. */
export function explainDeed(deed: Deed): string {
  const { command, outcome, why, condition } = deed;
  if (outcome === 'done') return `${command} is done`;
  if (outcome === 'silent') return `nobody answers ${command}: the module is ${condition}`;
  const rule = ruleBehind(deed);
  if (rule !== null) return rule;
  const words = why === '' ? CODES[outcome].meaning : why;
  return `${command ?? 'bytes that are no command'}: ${words}`;
}

/** `client app-310 as crypto-officer of payments` */
export function whoAsked({ actor, role, partition }: Deed): string {
  return `${actor} as ${role}${partition === null ? '' : ` of ${partition}`}`;
}

/** The row of the table of access that refused; `null`: it was not the table. */
function ruleBehind(deed: Deed): string | null {
  const { command, role, life, condition, decidedBy } = deed;
  if (decidedBy !== 'access' || command === null) return null;
  const { roles, lives, conditions, under } = ACCESS[command];
  if (!roles.includes(role)) {
    const policy = under?.roles.includes(role) === true ? ` while policy ${under.policy} is off` : '';
    return `${command} is for ${listed(roles)}${policy}, not for ${role}`;
  }
  const [wanted, is] = conditions.includes(condition) ? [lives, life] : [conditions, condition];
  return `${command} is for a module that is ${listed(wanted)}, and this one is ${is}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
