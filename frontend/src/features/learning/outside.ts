// Learning that is not in the catalogue: one spelling for every screen.
import type { Schemas } from '../../api/client';
import { date, duration } from '../../ui/format';

export type Outside = Schemas['OutsideOut'];
export type TeamOutside = Schemas['TeamOutsideOut'];

/** Hours as people type them ("6", "1.5", "1,5", "0:45") in minutes; nothing when empty or when it is no number. */
export function minutesOf(hours: string): number | undefined {
  const text = hours.trim().replace(/\s*h(ours?)?$/i, '');
  const clock = /^(\d{1,4}):([0-5]\d)$/.exec(text);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  return /^\d{1,4}([.,]\d{1,2})?$/.test(text) ? Math.round(Number(text.replace(',', '.')) * 60) : undefined;
}

export function hoursMistake(hours: string): string | false {
  if (!hours.trim()) return false;
  const minutes = minutesOf(hours);
  if (minutes === undefined) return 'Enter hours as a number, such as 6 or 1.5';
  return (minutes < 1 || minutes > 120_000) && 'Enter how long it took, more than nothing and at most 2,000 hours';
}

/** "Our own team, finished 3 May 2026, 6 hours". */
export function facts(one: Pick<Outside, 'provider' | 'completed_on' | 'minutes'>): string {
  return [one.provider, `finished ${date(one.completed_on)}`, duration(one.minutes)].filter(Boolean).join(', ');
}
