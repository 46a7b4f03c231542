// From when a change of what drives compliance holds: as a form has it, and as the API wants it.
import type { Schemas } from '../../api/client';
import { dateMistake, today } from '../../ui/dates';

export interface TermsChoice {
  how: 'today' | 'day' | 'all';
  day: string;
  reason: string;
}
export const fromToday = (): TermsChoice => ({ how: 'today', day: '', reason: '' });

export const needsReason = (choice: TermsChoice): boolean => choice.how === 'all' || (choice.how === 'day' && choice.day !== '' && choice.day < today());

export function termsMistakes(choice: TermsChoice): { day?: string; reason?: string } {
  const found: { day?: string; reason?: string } = {};
  if (choice.how === 'day') {
    const wrong = choice.day ? dateMistake(choice.day) : 'Enter a day.';
    if (wrong) found.day = wrong;
  }
  if (needsReason(choice) && !choice.reason.trim()) found.reason = 'Say why it changes for completions of the past.';
  return found;
}

export function toTerms(choice: TermsChoice): Schemas['TermsIn'] {
  const reason = needsReason(choice) ? { reason: choice.reason.trim() } : {};
  if (choice.how === 'all') return { for_all: true, ...reason };
  return { for_all: false, ...(choice.how === 'day' && { from: choice.day }), ...reason };
}
