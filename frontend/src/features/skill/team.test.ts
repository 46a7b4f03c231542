import { expect, test } from 'vitest';
import { cellWords, comesAndGoes, offered, shows, showings, waitingWords, wanted } from './team';
import type { Cell } from './team';

const cell = (part: Partial<Cell>): Cell => ({ requirement_id: 'r', status: 'met', ...part });

test('a cell says its status and the date that matters', () => {
  expect(cellWords(cell({}))).toBe('Met');
  expect(cellWords(cell({ valid_through: '2027-05-03' }))).toBe('Met until 3 May 2027');
  expect(cellWords(cell({ status: 'expiring', valid_through: '2026-07-31' }))).toBe('Lapses after 31 Jul 2026');
  expect(cellWords(cell({ status: 'expired', valid_through: '2026-01-09' }))).toBe('Expired 9 Jan 2026');
  expect(cellWords(cell({ status: 'due', due_by: '2026-09-30' }))).toBe('Due by 30 Sep 2026');
  expect(cellWords(cell({ status: 'overdue', due_by: '2026-03-01' }))).toBe('Overdue since 1 Mar 2026');
  expect(cellWords(cell({ status: 'exempt' }))).toBe('Exempt');
});

test('beside a cell stands what waits, since when', () => {
  expect(waitingWords(cell({}))).toBe('');
  const waiting = { completion_id: 'c', since: '2026-05-03', needs: 'manager_confirmed', may_confirm: true } as const;
  expect(waitingWords(cell({ status: 'overdue', waiting }))).toBe('Waiting for confirmation since 3 May 2026');
});

test('a filter shows the cells for which it shows people', () => {
  const all = ['met', 'expiring', 'expired', 'due', 'overdue', 'exempt'] as const;
  const shown = (filter: string) => all.filter((status) => shows(filter, { status }));
  expect(shown('missing')).toEqual(['expired', 'due', 'overdue']);
  expect(shown('late')).toEqual(['expired', 'overdue']);
  expect(shown('soon')).toEqual(['expiring', 'due']);
  expect(shown('met')).toEqual(['met']);
  expect(shown('waiting')).toEqual([]);
  expect(shown('complete')).toEqual(all);
  expect(shown('')).toEqual(all);
  const waiting = { completion_id: 'c', since: '2026-05-03', needs: 'manager_confirmed', may_confirm: true } as const;
  expect(shows('waiting', { status: 'met', waiting })).toBe(true);
  expect(offered.every((one) => one in showings)).toBe(true);
});

test('the address says what is wanted, and what it cannot say is left out', () => {
  expect(wanted(new URLSearchParams('status=late&q=+mac+&as_at=2027-03-01&service=s&organisation=o'))).toEqual({ status: 'late', q: 'mac', as_at: '2027-03-01', service: 's' });
  expect(wanted(new URLSearchParams('status=perfect&q=&requirement='))).toEqual({});
});

test('who comes and goes is said with the day', () => {
  expect(comesAndGoes({})).toBe('');
  expect(comesAndGoes({ leaves_on: '2026-12-31' })).toBe('Leaves on 31 December 2026.');
  expect(comesAndGoes({ starts_on: '2026-12-14', leaves_on: '2027-03-31' })).toBe('Starts on 14 December 2026. Leaves on 31 March 2027.');
});
