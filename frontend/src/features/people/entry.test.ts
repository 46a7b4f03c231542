import { expect, it } from 'vitest';
import { successor } from './entry';
import type { Appointment } from './entry';

const entry = (id: string, post_id: string, starts_on: string) => ({ id, post_id, starts_on }) as Appointment;

it('an entry that was changed is followed to what came in its place', () => {
  const before = [entry('a', 'post', '2024-01-08'), entry('b', 'other', '2023-01-01')];
  const corrected = [entry('c', 'post', '2024-02-01'), before[1]!];
  expect(successor(before, 'a', corrected, false)?.id).toBe('c');
  // hours changed from a day on: what was closed is corrected, what goes on is ended
  const changed = [entry('e', 'post', '2025-06-01'), entry('d', 'post', '2024-01-08'), before[1]!];
  expect(successor(before, 'a', changed, false)?.id).toBe('d');
  expect(successor(before, 'a', changed, true)?.id).toBe('e');
  const moved = [entry('f', 'elsewhere', '2024-01-08'), before[1]!];
  expect(successor(before, 'a', moved, true)?.id).toBe('f');
  expect(successor(before, 'a', [before[1]!], false)).toBeUndefined();
});
