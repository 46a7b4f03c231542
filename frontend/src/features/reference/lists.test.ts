import { expect, test } from 'vitest';
import { areas, matching, payFrameworks, vocabulary } from './lists';

const head = { version: '2026.1', source: 'Somebody', note: '' };
const bare = { aliases: [], note: '', attributes: {} };

test('a vocabulary shows only the columns that it uses, and codes as words', () => {
  const shown = vocabulary({
    ...head,
    id: 'topic',
    label: 'Topics',
    items: [
      { ...bare, slug: 'trauma', label: 'Trauma', attributes: { register: 'sssc', typical_band: '8A' } },
      { ...bare, slug: 'skilled', label: 'Trauma skilled practice', parent: 'trauma', aliases: ['T2', 'TS'] },
    ],
  });
  expect(shown.columns.map((column) => column.label)).toEqual(['Name', 'Code', 'Part of', 'Register', 'Usual band', 'Also understood']);
  expect(shown.rows[0]).toMatchObject({ register: 'SSSC', typical_band: '8A' });
  expect(shown.rows[1]).toMatchObject({ part_of: 'Trauma', aliases: 'T2, TS' });
});

test('areas say where they lie by name', () => {
  const shown = areas({
    ...head,
    items: [
      { slug: 'nhs-fife', kind: 'health_board', name: 'NHS Fife', former_codes: [], within: [] },
      { slug: 'council-fife', kind: 'council', name: 'Fife', former_codes: [], within: [{ area: 'nhs-fife' }] },
    ],
  });
  expect(shown.rows[1]?.['within']).toBe('NHS Fife');
});

test('full-time weeks are told with their dates', () => {
  const hours = [
    { valid_to: '2024-03-31', weekly_minutes: 2250, note: '' },
    { valid_from: '2024-04-01', weekly_minutes: 2220, note: '' },
  ];
  const shown = payFrameworks({ ...head, items: [{ slug: 'afc', label: 'Agenda for Change', note: '', hours }] });
  expect(shown.rows.map((row) => `${row['hours']}: ${row['when']}`)).toEqual(['37.5 hours: Until 31 March 2024', '37 hours: From 1 April 2024']);
});

test('filtering forgives accents and takes every word', () => {
  const rows: Record<string, string>[] = [{ name: 'Na h-Eileanan Sìar' }, { name: 'Fife', code: 'council-fife' }];
  expect(matching(rows, 'eileanan siar')).toHaveLength(1);
  expect(matching(rows, 'fife moray')).toHaveLength(0);
  expect(matching(rows, ' ')).toHaveLength(2);
});
