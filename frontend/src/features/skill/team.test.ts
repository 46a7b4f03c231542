import { expect, test } from 'vitest';
import { cellWords, shows, waitingWords } from './team';
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

test('a filter shows what it is called by; missing is whatever somebody has to do', () => {
  const all = ['met', 'expiring', 'expired', 'due', 'overdue', 'exempt'] as const;
  expect(all.filter((status) => shows('missing', status))).toEqual(['expired', 'due', 'overdue']);
  expect(all.filter((status) => shows('met', status))).toEqual(['met']);
  expect(all.filter((status) => shows('', status))).toEqual(all);
});
