import { expect, it } from 'vitest';
import { audienceLabel, audiences } from './audience';
import { labelOf } from './facets';
import type { Found } from './search.svelte';

const knows = (provider: { value: string; label: string }[]) => ({ provider, topic: [] }) as unknown as Found['facets'];
const id = '0151892f-f400-7bc2-836f-7fd0c5cf8de0';

it('calls a chosen filter by its name, even when nothing is found under it', () => {
  const whole = knows([{ value: id, label: 'Scottish Drugs Forum' }]);
  expect(labelOf('provider', id, knows([]), whole)).toBe('Scottish Drugs Forum');
  expect(labelOf('provider', id, null, null)).toBe('Provider');
  expect(labelOf('topic', 'mat-standards', null, whole)).toBe('Mat standards');
});

it('says whom something is for in words, not in letters', () => {
  expect(['a&e', 'IEP', 'all', 'key workers'].map(audienceLabel)).toEqual(['A&E', 'Injecting equipment provision (IEP)', 'Everyone', 'Key workers']);
  expect(audiences('peers, iep,a&e')).toBe('Peers, Injecting equipment provision (IEP), A&E');
  expect(audiences('')).toBe('');
  expect(labelOf('audience', 'gp', null)).toBe('GPs');
});
