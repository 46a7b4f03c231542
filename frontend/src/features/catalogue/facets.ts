// What results can be narrowed by: names as in the API and the address.
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

export const sorts = [
  { value: '', label: 'Best match' },
  { value: 'newest', label: 'Newest' },
  { value: 'shortest', label: 'Shortest' },
  { value: 'title', label: 'Title' },
];

export type Sort = 'relevance' | 'newest' | 'shortest' | 'title';
export const sortOf = (text: string | null): Sort => (sorts.some((sort) => sort.value === text) ? ((text || 'relevance') as Sort) : 'relevance');
