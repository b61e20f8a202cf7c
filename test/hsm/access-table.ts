import { ACCESS, type CommandKind, LIVES, ROLES } from '../../src/hsm/index.ts';

/** The table of access and the list of roles as docs/HSM.md prints them. */
export function accessTable(): string {
  const roles = Object.entries(ROLES).map(([role, title]) => `| \`${role}\` | ${title} |`);
  const kinds = Object.keys(ACCESS) as readonly CommandKind[];
  const commands = kinds.map((kind) => {
    const { door, roles: allowed, lives, conditions, under, quorum, custody, logged } = ACCESS[kind];
    const who = allowed.map((role) => `\`${role}\``).join(' ');
    const more =
      under === null
        ? ''
        : `; with \`${under.policy}\` also ${under.roles.map((role) => `\`${role}\``).join(' ')}`;
    const when = lives.length === LIVES.length ? 'any' : lives.join(', ');
    const notes = [
      conditions.length === 1 && conditions[0] === 'ready' ? '' : `when ${conditions.join(', ')}`,
      quorum ? 'quorum' : '',
      custody ? 'custodian' : '',
      logged ? 'logged' : '',
    ].filter((note) => note !== '');
    return `| \`${kind}\` | ${door} | ${who}${more} | ${when} | ${notes.join('; ')} |`;
  });
  return [
    '| role | who that is |',
    '| --- | --- |',
    ...roles,
    '',
    '| command | door | who may give it | life of the module | |',
    '| --- | --- | --- | --- | --- |',
    ...commands,
  ].join('\n');
}
