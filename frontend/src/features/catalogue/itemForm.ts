// An item as a form holds it: texts as typed, and the way there and back.
import { api, ok, okWithTag } from '../../api/client';
import type { Schemas } from '../../api/client';
import { dateMistake } from '../../ui/dates';
import { chosen, dated } from '../../ui/edit.svelte';
import type { Parts } from '../../ui/edit.svelte';
import { money } from '../../ui/format';

type Item = Schemas['ItemOut'];
type Level = NonNullable<Item['level']>;

export const themes = [
  { value: 'family-inclusive', label: 'Family-inclusive care' },
  { value: 'stigma', label: 'Tackling stigma' },
  { value: 'harm-reduction', label: 'Harm-reduction advice' },
  { value: 'human-rights', label: 'Human rights-based approach' },
  { value: 'trauma-informed', label: 'Trauma-informed care' },
];

export const levels = ['informed', 'skilled', 'enhanced', 'specialist'].map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }));
export const standards = Array.from({ length: 10 }, (_, index) => ({ value: String(index + 1), label: `MAT standard ${index + 1}` }));
export const languages = [
  { value: 'en', label: 'English' },
  { value: 'gd', label: 'Gaelic' },
  { value: 'bfi', label: 'British Sign Language' },
  { value: 'sco', label: 'Scots' },
  { value: 'pl', label: 'Polish' },
  { value: 'uk', label: 'Ukrainian' },
  { value: 'ar', label: 'Arabic' },
  { value: 'ur', label: 'Urdu' },
];

export const kinds = [
  { value: 'module', label: 'Module', hint: 'Learning that people complete and record' },
  { value: 'resource', label: 'Resource', hint: 'A guideline, toolkit, video, alert or the like' },
  { value: 'pathway', label: 'Pathway', hint: 'Several modules in an order' },
];
export const provenances = [
  { value: 'known', label: 'Known: it exists' },
  { value: 'sample', label: 'Sample: to show what an entry looks like' },
];

/** What the form chooses from. */
export interface Lists {
  providers: Schemas['ProviderOut'][];
  delivery: Schemas['TermOut'][];
  cost: Schemas['TermOut'][];
  topics: Schemas['TermOut'][];
  areas: Schemas['AreaOut'][];
}

export function empty() {
  return {
    ref: '',
    kind: 'module',
    title: '',
    summary: '',
    description: '',
    provider: '',
    url: '',
    taking_part: '',
    topics: [] as string[],
    themes: {} as Record<string, string>,
    mat_standards: [] as string[],
    level: '',
    audience: '',
    delivery: 'elearning',
    minutes: '',
    cost: 'free',
    cost_pence: '',
    scqf_level: '',
    scqf_credit: '',
    language: 'en',
    area: '',
    licence: '',
    validity_months: '',
    provenance: 'known',
    review_by: '',
  };
}

export type Values = ReturnType<typeof empty>;
export type Field = keyof Values;

const text = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value));

export function fromItem(item: Item): Values {
  return {
    ref: item.ref,
    kind: item.kind,
    title: item.title,
    summary: item.summary,
    description: item.description,
    provider: item.provider,
    url: item.url ?? '',
    taking_part: item.taking_part ?? '',
    topics: item.topics.map((topic) => topic.slug),
    themes: Object.fromEntries(item.themes.map((theme) => [theme.slug, theme.level ?? 'none'])),
    mat_standards: item.mat_standards.map((standard) => String(standard.number)),
    level: item.level ?? '',
    audience: item.audience,
    delivery: item.delivery,
    minutes: text(item.minutes),
    cost: item.cost,
    cost_pence: item.cost_pence ? money(item.cost_pence).replace('£', '') : '',
    scqf_level: text(item.scqf_level),
    scqf_credit: text(item.scqf_credit),
    language: item.language,
    area: item.area ?? '',
    licence: item.licence ?? '',
    validity_months: text(item.validity_months),
    provenance: item.provenance,
    review_by: item.review_by ?? '',
  };
}

const wholes: Field[] = ['minutes', 'scqf_level', 'scqf_credit', 'validity_months'];

/** What the form itself can see is wrong. */
export function mistakes(values: Values): Partial<Record<Field, string>> {
  const found: Partial<Record<Field, string>> = {};
  if (!values.title.trim()) found.title = 'Enter a title.';
  if (!values.provider.trim()) found.provider = 'Enter who provides it.';
  for (const name of wholes) {
    const typed = String(values[name]).trim();
    if (typed && !/^\d{1,6}$/.test(typed)) found[name] = named(name, 'Enter a whole number, in digits.');
  }
  if (values.cost !== 'free' && values.cost_pence.trim() && pence(values.cost_pence) === undefined) found.cost_pence = 'Enter an amount in pounds, such as 25 or 12.50.';
  const wrong = dateMistake(values.review_by);
  if (wrong) found.review_by = wrong;
  return found;
}

export function pence(typed: string): number | undefined {
  const match = /^£?\s*(\d{1,5})(?:\.(\d{2}))?$/.exec(typed.trim().replace(/,(?=\d{3}(?!\d))/g, ''));
  return match ? Number(match[1]) * 100 + Number(match[2] ?? 0) : undefined;
}

/** Where a message alone does not say which number it is about, its field does. */
export const named = (field: string, message: string): string => ((wholes as string[]).includes(field) && message.startsWith('Enter') ? `${labels[field as Field]}: e${message.slice(1)}` : message);

/** As the API wants it; `null` empties. */
export function toBody(values: Values) {
  const number = (typed: string) => (typed.trim() ? Number(typed.trim()) : null);
  const maybe = (typed: string) => typed.trim() || null;
  return {
    ...(values.ref.trim() && { ref: values.ref.trim() }),
    kind: values.kind as Item['kind'],
    title: values.title,
    summary: values.summary,
    description: values.description,
    provider: values.provider,
    url: maybe(values.url),
    taking_part: maybe(values.taking_part),
    topics: values.topics,
    themes: Object.entries(values.themes)
      .filter(([, level]) => level)
      .map(([slug, level]) => ({ slug, level: level === 'none' ? null : (level as Level) })),
    mat_standards: values.mat_standards.map(Number),
    level: (values.level || null) as Level | null,
    audience: values.audience,
    delivery: values.delivery,
    minutes: number(values.minutes),
    cost: values.cost,
    cost_pence: values.cost !== 'free' && values.cost_pence.trim() ? (pence(values.cost_pence) ?? null) : null,
    scqf_level: number(values.scqf_level),
    scqf_credit: number(values.scqf_credit),
    language: values.language,
    area: maybe(values.area),
    licence: maybe(values.licence),
    validity_months: number(values.validity_months),
    provenance: values.provenance as Item['provenance'],
    review_by: maybe(values.review_by),
  };
}

export const labels: Record<Field, string> = {
  ref: 'Reference',
  kind: 'Kind',
  title: 'Title',
  summary: 'Summary',
  description: 'Description',
  provider: 'Provider',
  url: 'Web address',
  taking_part: 'How to take part',
  topics: 'Topics',
  themes: 'Themes',
  mat_standards: 'MAT standards',
  level: 'Level',
  audience: 'Who it is for',
  delivery: 'How it is delivered',
  minutes: 'Minutes',
  cost: 'Cost',
  cost_pence: 'Price',
  scqf_level: 'SCQF level',
  scqf_credit: 'SCQF credit points',
  language: 'Language',
  area: 'Area',
  licence: 'Licence',
  validity_months: 'Months it is held',
  provenance: 'Provenance',
  review_by: 'Check by',
};

/** What stands, and what a provider has proposed already, on which its form goes on. */
export interface Standing {
  item: Item;
  proposed: Item | null;
}

export async function readItem(id: string): Promise<{ data: Standing; etag: string }> {
  const path = { id };
  const { data: item, etag } = await okWithTag(api.GET('/catalogue/items/{id}', { params: { path } }));
  const waits = item.held_back && item.proposal;
  const proposed = waits ? (await ok(api.GET('/catalogue/items/{id}/review', { params: { path } }))).item : null;
  return { data: { item, proposed }, etag };
}

const spellThemes = (value: Values['themes']): string =>
  Object.entries(value)
    .filter(([, level]) => level)
    .map(([slug, level]) => ({ label: themes.find((theme) => theme.value === slug)?.label ?? slug, level }))
    .map(({ label, level }) => (level === 'none' ? label : `${label}: ${level}`))
    .sort()
    .join(', ');

/** The parts of an item, for setting two versions side by side. */
export function parts(lists: Lists): Parts<Values> {
  const from = (field: Field, terms: { slug: string; label: string }[]) => chosen(labels[field], () => terms.map(({ slug, label }) => ({ value: slug, label })));
  return {
    ...labels,
    kind: chosen(labels.kind, () => kinds),
    topics: from('topics', lists.topics),
    delivery: from('delivery', lists.delivery),
    cost: from('cost', lists.cost),
    area: chosen(labels.area, () => lists.areas.map(({ slug, name }) => ({ value: slug, label: name }))),
    themes: { label: labels.themes, spell: spellThemes },
    mat_standards: chosen(labels.mat_standards, () => standards),
    level: chosen(labels.level, () => levels),
    language: chosen(labels.language, () => languages),
    provenance: chosen(labels.provenance, () => provenances),
    review_by: dated(labels.review_by),
  };
}
