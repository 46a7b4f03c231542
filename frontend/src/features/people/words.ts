// How people and appointments are written.
import type { Schemas } from '../../api/client';
import { date } from '../../ui/format';

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
