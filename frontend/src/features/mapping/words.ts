// What an answer says of itself in plain words. Pure.
import { Problem } from '../../api/problem';
import { date, instant, number, percent, plural } from '../../ui/format';
import { held } from './table';
import type { ResponseOut, TableOut } from './wire';

/** Whether there is any figure in it that could be published. */
export const showsAnything = (table: TableOut): boolean => table.response.employers > 0 && table.cells.some(({ value }) => value != null);

export function protection(table: TableOut): string {
  const { c } = held(table);
  if (table.response.employers === 0) return 'Nothing has been recorded for this day, so no figure is available.';
  if (!showsAnything(table)) return c > 0 ? 'Every figure is held back: too few people or employers stand behind each, or it would give such a figure away.' : 'No figure of this table applies to anybody.';
  if (c === 0) return `${table.cells.length === 1 ? 'The one figure is' : `All ${number(table.cells.length)} figures are`} shown: none is small enough to point at anyone.`;
  return `${number(c)} of ${plural(table.cells.length, 'figure')} ${c === 1 ? 'is' : 'are'} held back and ${c === 1 ? 'shows' : 'show'} as [c]: too few people or employers stand behind ${c === 1 ? 'it' : 'them'}, or ${c === 1 ? 'it' : 'they'} would give such a figure away.`;
}

const unsaid = (unknown: number): string => ` Of ${number(unknown)} it is not known: only a later answer of theirs was kept. So there is no rate [x].`;

export function answered({ response: { employers, answered, unknown = 0, rate }, protected: others }: TableOut): string {
  if (!others && answered === 0 && unknown > 0) return 'It is not known whether you had confirmed your figures within the year before: only a later answer was kept.';
  if (!others) return answered > 0 ? 'You confirmed your figures within the year before.' : 'You have not confirmed your figures within the year before.';
  if (employers === 0) return 'No employer has posts here on this date.';
  const share = `${number(answered)} of ${plural(employers, 'employer')}${rate == null ? '' : ` (${percent(rate)})`} confirmed their figures in the year before.${unknown > 0 ? unsaid(unknown) : ''}`;
  return rate != null && rate < 50 ? `${share} Fewer than half: read with care.` : share;
}

export function freshness({ oldest, newest }: ResponseOut): string {
  if (!oldest || !newest) return '';
  return oldest === newest ? `Confirmed on ${date(newest)}.` : `The oldest answer is of ${date(oldest)}, the newest of ${date(newest)}.`;
}

/** A sentence to stand under the table wherever it is printed. */
export function footnote(table: TableOut, skill = ''): string {
  const { employers, answered: count, unknown = 0, rate } = table.response;
  const response = employers > 0 ? ` Response: ${number(count)} of ${plural(employers, 'employer')}${rate == null ? '' : ` (${percent(rate)})`}.${unknown > 0 ? unsaid(unknown) : ''}` : '';
  const markers = held(table);
  const explained = [markers.c > 0 && '[c] held back so that no one can be identified', markers.x > 0 && '[x] not available', markers.z > 0 && '[z] not applicable'].filter(Boolean).join('; ');
  const rule = table.protected ? ` Protected by disclosure rule ${table.rule_version}.` : ' Own figures of one organisation, not protected and not for publication.';
  return `Source: Cairn, ${table.title}.${skill ? ` Skill: ${skill}.` : ''} Table ${table.manifest}, released ${instant(table.released_at)}.${response}${rule}${explained ? ` ${explained}.` : ''}`;
}

/** A refusal in the words of the person who asked. */
export function refusal(problem: Problem): Problem {
  if (problem.code === 'would_reveal')
    return new Problem({ ...problem.body, title: 'This table would let somebody be recognised' }, problem.status);
  if (problem.status === 403) return new Problem({ ...problem.body, title: 'These figures are not yours to see' }, problem.status);
  if (problem.status === 404) return new Problem({ ...problem.body, title: 'This question names something that we do not know, or that is not yours' }, problem.status);
  return problem;
}
