// Exemptions of one person from one requirement: what is on record, and how it is put in words.
import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/client';
import { date, dayOf } from '../../ui/format';

export type Exemption = Schemas['ExemptionOut'];

/** Everything on record for this person and this requirement, latest first. */
export async function exemptionsOf(person: string, requirement: string): Promise<Exemption[]> {
  const all: Exemption[] = [];
  let cursor: string | undefined;
  do {
    const query = { person, limit: 100, ...(cursor && { cursor }) };
    const page = await ok(api.GET('/requirements/{requirement_id}/exemptions', { params: { path: { requirement_id: requirement }, query } }));
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return all.sort((a, b) => b.starts_on.localeCompare(a.starts_on));
}

export interface Sorted {
  standing: Exemption[];
  planned: Exemption[];
  past: Exemption[];
}

/** By day. What was ended before it began never was, and is left out. */
export function sortByDay(all: Exemption[], day: string): Sorted {
  const real = all.filter(({ starts_on, ends_on }) => !ends_on || ends_on >= starts_on);
  const over = ({ ends_on }: Exemption) => ends_on != null && ends_on < day;
  return {
    standing: real.filter((one) => one.starts_on <= day && !over(one)),
    planned: real.filter((one) => one.starts_on > day),
    past: real.filter(over),
  };
}

/** "from 15 June 2026 until further notice", "from 15 June 2026 to 1 March 2027". */
export const spanWords = ({ starts_on, ends_on }: Exemption): string => `from ${date(starts_on)} ${ends_on ? `to ${date(ends_on)}` : 'until further notice'}`;

/** "Granted by Priya Nair on 1 May 2026." Accounts that are gone have no name any more. */
export const grantedWords = ({ granted_by, granted_at }: Exemption): string => `Granted${granted_by ? ` by ${granted_by}` : ''} on ${dayOf(granted_at)}.`;
