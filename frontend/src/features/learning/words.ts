// How completions are spoken of: one spelling for every screen.
import type { Schemas } from '../../api/client';
import type { Status } from '../../ui/StatusBadge.svelte';
import { date, plural } from '../../ui/format';

export type Completion = Schemas['CompletionOut'];
export type Detail = Schemas['CompletionDetailOut'];
export type Verdict = Completion['verdicts'][number];
export type Event = Schemas['CompletionEventOut'];

export const statusOf: Record<Completion['standing'], Status> = { lasting: 'met', current: 'met', expiring: 'expiring', expired: 'expired' };

/** "You hold this until 27 February 2027". */
export function held(one: Pick<Completion, 'standing' | 'valid_through'>, whose: 'you' | 'they' = 'you'): string {
  const who = whose === 'you' ? 'You hold' : 'Held';
  const past = whose === 'you' ? 'You held' : 'Was held';
  const this_ = whose === 'you' ? ' this' : '';
  if (one.standing === 'lasting') return `${who}${this_} for good`;
  if (one.standing === 'expired') return `${past}${this_} until ${date(one.valid_through)}`;
  return `${who}${this_} until ${date(one.valid_through)}`;
}

/** What a completion waits for, in sentences: "Callum Reid at Glenrowan has to confirm it before it counts for “Naloxone”." */
export const waits = (one: Pick<Completion, 'waiting'>): string[] => (one.waiting ?? []).map(({ words }) => words);

/** Whether somebody's word, or evidence, is still missing: "Waiting for confirmation since 3 May 2026". */
export function waitingWords(one: Pick<Completion, 'waiting'>): string {
  const [first] = one.waiting ?? [];
  if (!first) return '';
  return first.needs === 'evidence_attached' ? 'Needs evidence before it counts' : `Waiting for confirmation since ${date(first.since)}`;
}

/** "Lapses in 12 days, after 3 May 2027"; on the last day "Lapses after today". */
export function lapses(one: Pick<Completion, 'days_left' | 'valid_through'>): string {
  const days = one.days_left ?? 0;
  if (days < 0) return `Lapsed ${plural(-days, 'day')} ago, after ${date(one.valid_through)}`;
  if (days === 0) return 'Lapses after today';
  return `Lapses in ${plural(days, 'day')}, after ${date(one.valid_through)}`;
}

/** How long completions of an item count, before one is recorded. */
export function counts(months: number | null | undefined): string {
  if (!months) return 'A completion of this does not expire.';
  return months % 12 === 0 ? `A completion counts for ${plural(months / 12, 'year')}.` : `A completion counts for ${plural(months, 'month')}.`;
}

const deeds: Record<Event['kind'], string> = {
  recorded: 'Recorded',
  evidence_attached: 'Evidence added',
  evidence_removed: 'Evidence removed',
  confirmed: 'Confirmed',
  equated: 'Equated',
  rejected: 'Not accepted',
  taken_back: 'Taken back',
  withdrawn: 'Withdrawn',
};

/** "Confirmed by Morag Testperson, Clyde Recovery". */
export function deed(event: Event): string {
  const who = [event.by, event.organisation].filter(Boolean).join(', ');
  return who ? `${deeds[event.kind]} by ${who}` : deeds[event.kind];
}

/** "Verified by Clyde Recovery", "Not accepted by ...". */
export function said(one: Verdict): string {
  if (one.verdict === 'rejected') return `Not accepted by ${one.organisation}`;
  const as = { manager_confirmed: 'Confirmed by a manager of', employer_verified: 'Verified by', provider_issued: 'Issued by' }[one.assurance as string] ?? 'Confirmed by';
  return `${as} ${one.organisation}`;
}

/** "“In-house day”, Our own team, which is not in the catalogue". */
export const standsFor = (one: Pick<Completion, 'stands_for'>): string => (one.stands_for ? `“${one.stands_for.title}”, ${one.stands_for.provider}, which is not in the catalogue` : '');

/** Rejections that stand, for whoever looks. */
export const rejections = (one: Pick<Completion, 'verdicts'>): Verdict[] => one.verdicts.filter((verdict) => verdict.verdict === 'rejected');

/** `[theme, completions]` in the order of the themes' names; what has none comes last. */
export function byTheme(list: Completion[]): [string, Completion[]][] {
  const groups = new Map<string, Completion[]>();
  for (const one of list) {
    const labels = one.item.themes.map((theme) => theme.label);
    for (const label of labels.length > 0 ? labels : ['']) groups.set(label, [...(groups.get(label) ?? []), one]);
  }
  return [...groups].sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a.localeCompare(b, 'en-GB')));
}
