// Requirements in words, for lists of them.
import type { Schemas } from '../../api/client';
import { assuranceLadder } from '../../ui/AssuranceBadge.svelte';
import type { Assurance } from '../../ui/AssuranceBadge.svelte';
import { date, plural, words } from '../../ui/format';
import type { Option } from '../../ui/SelectField.svelte';

export type Requirement = Schemas['RequirementOut'];
type Level = NonNullable<Requirement['level']>;

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

/** What the form holds. */
export type Typed = {
  name: string;
  who: string;
  /** Slugs of roles; of role families with `family:` before them. */
  roles: string[];
  where: string;
  service_ids: string[];
  by: string;
  theme: string;
  level: string;
  item_ids: { id: string; title: string }[];
  grace_days: string;
  minimum_assurance: string;
  starts_on: string;
  ends_on: string;
};

export const FAMILY = 'family:';

export const whoever = [
  { value: 'everybody', label: 'Everybody' },
  { value: 'some', label: 'People in some roles' },
];
export const wherever = [
  { value: 'everywhere', label: 'At all services' },
  { value: 'some', label: 'At some services' },
];

/** Every role and role family, as the form tells them apart. */
export const everyRole = ({ families, items }: Schemas['RolesOut']): Option[] => [
  ...families.map(({ slug, label }) => ({ value: FAMILY + slug, label: `All roles in ${label}` })),
  ...items.map(({ slug, label }) => ({ value: slug, label })),
];

/** What is chosen, a line each. */
export const named = (values: string[], all: Option[]): string => all.filter(({ value }) => values.includes(value)).map(({ label }) => label).join('\n');

/** What the form begins with. */
export function typed(before: Requirement | undefined, day: string): Typed {
  const roles = [...(before?.role_families ?? []).map(({ slug }) => FAMILY + slug), ...(before?.roles ?? []).map(({ slug }) => slug)];
  const service_ids = (before?.services ?? []).map(({ id }) => id);
  return {
    name: before?.name ?? '',
    who: roles.length > 0 ? 'some' : 'everybody',
    roles,
    where: service_ids.length > 0 ? 'some' : 'everywhere',
    service_ids,
    by: before?.theme ? 'theme' : 'modules',
    theme: before?.theme ?? '',
    level: before?.level ?? '',
    item_ids: (before?.items ?? []).map(({ id, title }) => ({ id, title })),
    grace_days: String(before?.grace_days ?? 90),
    minimum_assurance: before?.minimum_assurance ?? 'self_declared',
    starts_on: before?.starts_on ?? day,
    ends_on: before?.ends_on ?? '',
  };
}

/** What is sent of it, whole; what is not asked for is left out. */
export function sent(now: Typed): Schemas['RequirementIn'] {
  const themed = now.by === 'theme';
  const named = now.who === 'some' ? now.roles : [];
  return {
    name: now.name,
    roles: named.filter((one) => !one.startsWith(FAMILY)),
    role_families: named.filter((one) => one.startsWith(FAMILY)).map((one) => one.slice(FAMILY.length)),
    service_ids: now.where === 'some' ? now.service_ids : [],
    item_ids: themed ? [] : now.item_ids.map(({ id }) => id),
    ...(themed && { theme: now.theme, level: now.level as Level }),
    grace_days: Number(now.grace_days),
    minimum_assurance: now.minimum_assurance as Assurance,
    starts_on: now.starts_on,
    ...(now.ends_on && { ends_on: now.ends_on }),
  } as Schemas['RequirementIn'];
}

/** The same as a change: what is empty is emptied. */
export const change = (now: Typed): Schemas['RequirementPatch'] => ({ theme: null, level: null, ends_on: null, ...sent(now) }) as unknown as Schemas['RequirementPatch'];
