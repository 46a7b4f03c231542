// How people and appointments are written.
import type { Schemas } from '../../api/client';
import { date, list } from '../../ui/format';

type Appointment = Schemas['AppointmentOut'];
export type Reason = Schemas['LeavingReason'];

export const fullName = (person: { given_name: string; family_name: string }): string => `${person.given_name} ${person.family_name}`.trim();

export const reasons: { value: Reason; label: string; hint?: string }[] = [
  { value: 'moved_post', label: 'Moved to another post here', hint: 'Not counted as leaving the organisation.' },
  { value: 'another_job', label: 'Another job' },
  { value: 'contract_ended', label: 'Contract or funding ended' },
  { value: 'redundancy', label: 'Redundancy' },
  { value: 'retired', label: 'Retired' },
  { value: 'personal', label: 'Personal reasons' },
  { value: 'other', label: 'Something else' },
  { value: 'not_known', label: 'Not known' },
];
export const reasonLabel = (reason: Reason | undefined): string => reasons.find(({ value }) => value === reason)?.label ?? '';

/** "since 8 January 2024", "from 1 June 2027", "8 January 2024 to 31 May 2026". */
export function span({ state, starts_on, ends_on }: Pick<Appointment, 'state' | 'starts_on' | 'ends_on'>): string {
  if (ends_on) return `${date(starts_on)} to ${date(ends_on)}`;
  return `${state === 'upcoming' ? 'from' : 'since'} ${date(starts_on)}`;
}

/** "as recovery worker since 1 April 2026 and as volunteer from 1 June 2027". */
export function claimed(posts: Schemas['ClaimedPostOut'][]): string {
  const today = new Date().toISOString().slice(0, 10);
  return list(posts.map((one) => `as ${lowered(one.role_label)}${one.volunteer && !/volunteer/i.test(one.role_label) ? ' (volunteer)' : ''} ${one.starts_on > today ? 'from' : 'since'} ${date(one.starts_on)}`));
}
/** The role inside a sentence: "Recovery worker" is written small, "NHS lead" is not. */
const lowered = (label: string) => (/^[A-Z][a-z]/.test(label) ? label[0]!.toLowerCase() + label.slice(1) : label);

export const replied: Record<Schemas['JoiningReply'], string> = {
  yes: 'yes',
  no: 'you do not work there',
  not_me: 'somebody else is meant',
  left: 'it no longer sees your record',
};

export const confirmations: Record<Schemas['Confirmation'], string> = {
  not_asked: 'Nobody was asked: there is no email address. Add the one they use for Cairn.',
  waiting: 'Not confirmed yet. Whoever signs in to Cairn with this address is asked whether they work here.',
  not_confirmed: 'Not confirmed. Is the address right?',
  confirmed: 'They have said that they work here.',
};
