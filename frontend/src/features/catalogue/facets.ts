// What results can be narrowed by: names as in the API and the address.
import { words } from '../../ui/format';
import { audienceLabel } from './audience';
import type { Found } from './search.svelte';

export type Facet = keyof Found['facets'];

export const facets: { name: Facet; label: string }[] = [
  { name: 'topic', label: 'Topic' },
  { name: 'kind', label: 'Kind' },
  { name: 'delivery', label: 'How it is delivered' },
  { name: 'cost', label: 'Cost' },
  { name: 'level', label: 'Level' },
  { name: 'provider', label: 'Provider' },
  { name: 'audience', label: 'Who it is for' },
  { name: 'theme', label: 'Skills theme' },
  { name: 'mat_standard', label: 'MAT standard' },
  { name: 'area', label: 'Area' },
];

/** How a chosen value is called: in the words of the first answer that knows it, else as well as can be without one. */
export function labelOf(name: Facet, value: string, ...answers: (Found['facets'] | null)[]): string {
  if (name === 'audience') return audienceLabel(value);
  for (const answer of answers) {
    const label = answer?.[name]?.find((one) => one.value === value)?.label;
    if (label) return label;
  }
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) ? (facets.find((facet) => facet.name === name)?.label ?? value) : words(value);
}

export const sorts = [
  { value: '', label: 'Best match' },
  { value: 'newest', label: 'Newest' },
  { value: 'shortest', label: 'Shortest' },
  { value: 'title', label: 'Title' },
];

export type Sort = 'relevance' | 'newest' | 'shortest' | 'title';
export const sortOf = (text: string | null): Sort => (sorts.some((sort) => sort.value === text) ? ((text || 'relevance') as Sort) : 'relevance');
