import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../api/problem';
import PivotTable from './PivotTable.svelte';
import { barred, captionOf, held, legend, parts, pictured, pinnable, pivot, sorted, tileName, titleOf } from './table';
import { answered, footnote, protection, refusal, showsAnything } from './words';
import type { CellOut, MeasureOut, TableOut } from './wire';

const posts: MeasureOut = { id: 'posts', label: 'Posts', unit: 'posts', definition: 'Posts open on the date.' };
const rate: MeasureOut = { id: 'vacancy_rate', label: 'Vacancy rate (%)', unit: 'percent', definition: 'Vacant over establishment.' };
const cell = (sector: string | null, type: string | null, value: number | null, marker: CellOut['marker'] = null): CellOut => ({ measure: 'posts', keys: { sector, service_type: type }, value, marker });
const table: TableOut = {
  manifest: '019a', title: 'Posts by service type and sector, as at 1 May 2026', as_at: '2026-05-01', rows: ['service_type'], columns: ['sector'], measures: [posts],
  dimensions: [
    { id: 'service_type', label: 'Service type', values: [{ id: 'detox', label: 'Detox' }, { id: 'rehab', label: 'Rehab' }, { id: 'outreach', label: 'Outreach' }, { id: 'unused', label: 'Unused' }] },
    { id: 'sector', label: 'Sector', values: [{ id: 'nhs', label: 'NHS' }, { id: 'third', label: 'Third sector' }] },
  ],
  cells: [
    cell('nhs', 'detox', 12), cell('third', 'detox', null, 'c'), cell(null, 'detox', null, 'c'),
    cell('nhs', 'rehab', 40), cell('third', 'rehab', 1200), cell(null, 'rehab', 1240),
    cell('nhs', 'outreach', 0), cell('third', 'outreach', 0), cell(null, 'outreach', 0),
    cell('nhs', null, 52), cell('third', null, null, 'c'), cell(null, null, 1260),
  ],
  protected: true, notes: [], response: { employers: 4, answered: 3, unknown: 0, rate: 75, oldest: '2025-06-01', newest: '2026-04-30' }, rule_version: '2026.1', released_at: '2026-05-02T09:00:00Z',
};

describe('pivoting', () => {
  it('puts values in the order of the vocabulary, totals last', () => {
    const shape = pivot(table, posts);
    expect(shape.columns.map(({ label, total }) => [label, total])).toEqual([['NHS', false], ['Third sector', false], ['Total', true]]);
    expect(shape.lines.map(({ labels, empty }) => [labels[0], empty])).toEqual([['Detox', false], ['Rehab', false], ['Outreach', true]]);
    expect(shape.lines[0]?.cells).toEqual([{ value: 12, marker: null }, { value: null, marker: 'c' }, { value: null, marker: 'c' }]);
    expect(shape.foot?.cells.map(({ value }) => value)).toEqual([52, null, 1260]);
  });
  it('has one figure without dimensions, and says when a figure is missing', () => {
    const one = pivot({ ...table, rows: [], columns: [], dimensions: [], cells: [{ measure: 'posts', keys: {}, value: 7, marker: null }] }, posts);
    expect([one.heads, one.lines, one.foot?.cells[0]?.value]).toEqual([['All'], [], 7]);
    expect(pivot({ ...table, cells: table.cells.slice(1) }, posts).lines[0]?.cells[0]).toEqual({ value: null, marker: 'x' });
  });
  it('marks the totals within rows of two dimensions', () => {
    const nested = pivot({ ...table, rows: ['service_type', 'sector'], columns: [] }, posts);
    expect(nested.heads).toEqual(['Service type', 'Sector']);
    expect(nested.lines.filter(({ totals }) => totals === 1).map(({ labels }) => labels.join(' '))).toEqual(['Detox Total', 'Rehab Total', 'Outreach Total', 'Total NHS', 'Total Third sector']);
    expect(nested.foot?.cells[0]?.value).toBe(1260);
  });
  it('sorts by figures, with those held back last either way', () => {
    const { lines } = pivot(table, posts);
    expect(sorted(lines, { column: 2, descending: true }).map(({ labels }) => labels[0])).toEqual(['Rehab', 'Outreach', 'Detox']);
    expect(sorted(lines, { column: 2, descending: false }).map(({ labels }) => labels[0])).toEqual(['Outreach', 'Rehab', 'Detox']);
  });
});

it('a picture shows areas first, and one part of a crossed table', () => {
  expect(pictured({ ...table, columns: ['adp'] })).toBe('adp');
  expect(pictured(table)).toBe('service_type');
  expect(parts(table, 'posts', 'service_type', {}).map(({ value }) => value)).toEqual([null, 1240, 0]);
  expect(parts(table, 'posts', 'service_type', { sector: 'nhs' }).map(({ value }) => value)).toEqual([12, 40, 0]);
  expect(pinnable(table, 'service_type').map(({ id, values }) => [id, values.length])).toEqual([['sector', 2]]);
  expect(tileName('Outer Hebrides / Western Isles ADP')).toBe('Western Isles');
});

it('the caption names the measure that is shown', () => {
  const two = { ...table, title: 'Posts and Vacancy rate (%) by sector, as at 1 May 2026', measures: [posts, rate] };
  expect(captionOf(two, rate)).toBe('Vacancy rate (%) by sector, as at 1 May 2026');
  expect(captionOf(table, posts)).toBe(table.title);
});

describe('plain words', () => {
  it('say what is held back and how many answered', () => {
    expect(held(table)).toEqual({ c: 3, x: 0, z: 0 });
    expect(protection(table)).toContain('3 of 12 figures are held back and show as [c]');
    expect(protection({ ...table, cells: [cell(null, null, 5)] })).toContain('The one figure is shown');
    expect(answered(table)).toBe('3 of 4 employers (75.0%) confirmed their figures in the year before.');
    expect(answered({ ...table, protected: false })).toContain('You confirmed');
  });
  it('the footnote carries source, response, rule and marks', () => {
    expect(footnote(table)).toBe(
      'Source: Cairn, Posts by service type and sector, as at 1 May 2026. Table 019a, released 2 May 2026 at 10:00. Response: 3 of 4 employers (75.0%). Protected by disclosure rule 2026.1. [c] held back so that no one can be identified.',
    );
    expect(footnote({ ...table, protected: false })).toContain('not for publication');
  });
  it('markers have meanings, in a legend of those that occur', () => {
    expect(legend([{ value: null, marker: 'z' }, { value: null, marker: 'c' }]).map(({ marker }) => marker)).toEqual(['c', 'z']);
  });
  it('a refusal keeps its code and fields', () => {
    const refused = refusal(new Problem({ code: 'would_reveal', title: 'Conflict', status: 409 }));
    expect([refused.code, refused.title]).toEqual(['would_reveal', 'This table would let somebody be recognised']);
  });
});

it('the table reads aloud, and folds away what is empty', async () => {
  render(PivotTable, { table, measure: posts });
  const rows = () => within(screen.getByRole('table', { name: table.title })).getAllByRole('row').map((row) => [...row.children].map((one) => one.textContent?.trim()));
  expect(rows().map(([head]) => head)).toEqual(['Service type', 'Detox', 'Rehab', 'Total']);
  expect(rows()[1]).toEqual(['Detox', '12', '[c]held back so that no one can be identified', '[c]held back so that no one can be identified']);
  expect(rows()[2]?.[2]).toBe('1,200');
  await userEvent.click(screen.getByRole('checkbox', { name: 'Hide rows with nothing in them (1)' }));
  expect(rows().map(([head]) => head)).toContain('Outreach');
  await userEvent.click(screen.getByRole('button', { name: 'NHS' }));
  expect(screen.getByRole('columnheader', { name: 'NHS' }).getAttribute('aria-sort')).toBe('descending');
  expect(rows()[1]?.[0]).toBe('Rehab');
});

it('areas stand in the order of their names', () => {
  const board = (id: string | null): CellOut => ({ measure: 'posts', keys: { health_board: id }, value: 1, marker: null });
  const areas: TableOut = { ...table, rows: ['health_board'], columns: [], cells: ['isles', 'fife', null].map(board), dimensions: [{ id: 'health_board', label: 'Health board', values: [{ id: 'isles', label: 'NHS Western Isles' }, { id: 'fife', label: 'NHS Fife' }] }] };
  expect(pivot(areas, posts).lines.map(({ labels }) => labels[0])).toEqual(['NHS Fife', 'NHS Western Isles']);
});

it('a table of nothing but marks is not called fit to publish', () => {
  const marks = { ...table, cells: table.cells.map((one) => ({ ...one, value: null, marker: 'c' as const })) };
  expect(showsAnything(table)).toBe(true);
  expect(showsAnything(marks)).toBe(false);
  expect(protection(marks)).toMatch(/^Every figure is held back/);
  expect(showsAnything({ ...table, response: { employers: 0, answered: 0, unknown: 0 } })).toBe(false);
});

it('of a long list only what has a length is drawn', () => {
  const figures = Array.from({ length: 20 }, (_, index) => ({ key: `${index}`, label: `${index}`, value: index < 3 ? index : null, marker: index < 3 ? null : ('c' as const) }));
  expect(barred(figures).map(({ key }) => key)).toEqual(['1', '2']);
  expect(barred(figures.slice(0, 5))).toHaveLength(5);
});

it('what was asked first is named first', () => {
  const two = { ...table, measures: [posts, rate], title: 'Posts and Vacancy rate (%) by sector, as at 1 May 2026' };
  expect(titleOf(two, ['vacancy_rate', 'posts'])).toBe('Vacancy rate (%) and Posts by sector, as at 1 May 2026');
  expect(titleOf({ ...two, title: 'Something else' }, ['vacancy_rate', 'posts'])).toBe('Something else');
});
