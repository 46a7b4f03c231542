// Requirements in words, for lists of them.
import type { Schemas } from '../../api/client';
import { assuranceLadder } from '../../ui/AssuranceBadge.svelte';
import { date, plural, words } from '../../ui/format';

export type Requirement = Schemas['RequirementOut'];

/** What meets it: "Naloxone peer educator, or Naloxone in an hour". */
export const what = (one: Requirement): string =>
  one.theme_label ? `Any module that builds “${one.theme_label}” at ${words(one.level ?? '').toLowerCase()} level or above` : one.items.map(({ title }) => title).join(', or ');

export const hasEnded = (one: Requirement, day: string): boolean => one.ends_on != null && one.ends_on < day;

/** By when, how far trusted, since when. */
export function terms(one: Requirement, day: string): string {
  const trust = assuranceLadder.find(({ value }) => value === one.minimum_assurance)?.label.toLowerCase() ?? '';
  const better = one.minimum_assurance === 'provider_issued' ? '' : ' or better';
  const grace = one.grace_days === 0 ? 'From the first day' : `Within ${plural(one.grace_days, 'day')} of starting`;
  const begins = `${one.starts_on > day ? 'Asked from' : 'Asked since'} ${date(one.starts_on)}`;
  return `${grace}, ${trust}${better}. ${begins}${one.ends_on ? `, until ${date(one.ends_on)}` : ''}.`;
}

/** The same thing asked of several roles is one entry; only what is word for word the same is put together. */
export function grouped(list: Requirement[], day: string): Requirement[][] {
  const groups = new Map<string, Requirement[]>();
  for (const one of list) {
    const key = JSON.stringify([one.name, one.organisation_id, what(one), terms(one, day)]);
    const twice = groups.get(key)?.some(({ role }) => role === one.role);
    groups.set(twice ? one.id : key, [...((!twice && groups.get(key)) || []), one]);
  }
  return [...groups.values()];
}
