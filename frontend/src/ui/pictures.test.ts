import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import BarChart from './BarChart.svelte';
import DataTable from './DataTable.svelte';
import StatusBadge from './StatusBadge.svelte';
import Tabs from './Tabs.svelte';
import TileMap from './TileMap.svelte';
import { percent } from './format';
import { createRawSnippet } from 'svelte';

describe('the tile map', () => {
  const tiles = [
    { area: 'hi', label: 'NHS Highland', column: 1, row: 0, value: 15.6 },
    { area: 'fi', label: 'NHS Fife', column: 1, row: 2, value: 10.3 },
    { area: 'or', label: 'NHS Orkney', column: 2, row: 0, value: null, marker: 'c' as const },
  ];

  it('names every area with its figure or why there is none', () => {
    render(TileMap, { title: 'Vacancy rate', tiles, write: percent });
    const map = screen.getByRole('listbox', { name: 'Vacancy rate' });
    expect(within(map).getAllByRole('option').map((tile) => tile.getAttribute('aria-label'))).toEqual([
      'NHS Highland: 15.6%',
      'NHS Orkney: held back so that no one can be identified',
      'NHS Fife: 10.3%',
    ]);
    expect(screen.getByRole('list', { name: 'Legend' }).textContent).toContain('[c]');
  });

  it('has one tab stop and is walked with the arrow keys', async () => {
    const onselect = vi.fn();
    render(TileMap, { title: 'Vacancy rate', tiles, write: percent, onselect });
    const options = screen.getAllByRole('option');
    expect(options.filter((tile) => tile.getAttribute('tabindex') === '0')).toHaveLength(1);
    await userEvent.tab();
    await userEvent.keyboard('{ArrowDown}');
    expect(onselect).toHaveBeenLastCalledWith('fi');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('NHS Fife: 10.3%');
    expect(document.activeElement?.getAttribute('aria-selected')).toBe('true');
  });
});

it('a bar chart has its table', () => {
  render(BarChart, { title: 'By role', measure: 'Rate', bars: [{ key: 'a', label: 'Nursing', value: 14.2 }, { key: 'b', label: 'Psychology', value: null, marker: 'c' }], write: percent });
  const table = screen.getByRole('table', { name: 'By role', hidden: true });
  expect(within(table).getAllByRole('row', { hidden: true }).map((row) => [...row.children].map((cell) => cell.textContent?.trim()))).toEqual([
    ['Group', 'Rate'],
    ['Nursing', '14.2%'],
    ['Psychology', '[c]'],
  ]);
});

it('a status is a shape and a word', () => {
  const { container } = render(StatusBadge, { status: 'overdue' });
  expect(container.textContent?.trim()).toBe('Overdue');
  expect(container.querySelector('svg path')).toBeTruthy();
});

it('a table tells its order and asks for another', async () => {
  const onsort = vi.fn();
  render(DataTable<{ name: string; wte: number }>, {
    caption: 'Posts',
    rows: [{ name: 'Nurse', wte: 1 }],
    by: (row) => row.name,
    sort: { key: 'wte', descending: false },
    onsort,
    columns: [
      { key: 'name', label: 'Role', text: (row) => row.name, head: true },
      { key: 'wte', label: 'WTE', text: (row) => row.wte, sortable: true, numeric: true },
    ],
  });
  expect(screen.getByRole('columnheader', { name: 'WTE' }).getAttribute('aria-sort')).toBe('ascending');
  expect(screen.getByRole('rowheader', { name: 'Nurse' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'WTE' }));
  expect(onsort).toHaveBeenCalledWith({ key: 'wte', descending: true });
});

it('tabs follow the arrow keys', async () => {
  const onchange = vi.fn();
  const children = createRawSnippet<[string]>((value) => ({ render: () => `<p>${value()}</p>` }));
  render(Tabs, { id: 't', label: 'Record', tabs: [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }], value: 'a', onchange, children });
  screen.getByRole('tab', { name: 'A' }).focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(onchange).toHaveBeenCalledWith('b');
  expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'B' }));
});
