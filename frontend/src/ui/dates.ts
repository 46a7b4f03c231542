// Reading dates as people write them. Calendar only: no times, no zones.
import { list } from './format';

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

/** `YYYY-MM-DD`, or null when there is no such day. */
export function iso(day: number, month: number, year: number): string | null {
  if (![day, month, year].every(Number.isInteger) || year < 1900 || year > 2200) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

/** A month by number, name or its first three letters; NaN when it is none. */
export function monthNumber(text: string): number {
  const word = text.trim().toLowerCase();
  if (/^\d{1,2}$/.test(word)) return Number(word);
  const index = word.length >= 3 ? months.findIndex((month) => month.startsWith(word)) : -1;
  return index < 0 ? NaN : index + 1;
}

export interface DateParts {
  day: string;
  month: string;
  year: string;
}

/** Day, month and year out of pasted text: 14/03/2027, 14.3.27, 2027-03-14, 14 March 2027, 14th Mar 2027. */
export function dateParts(text: string): DateParts | null {
  const clean = text.trim().replace(/^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+/i, '');
  const first = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T.*)?$/.exec(clean);
  if (first) return { day: String(Number(first[3])), month: String(Number(first[2])), year: first[1] ?? '' };
  const last = /^(\d{1,2})(?:st|nd|rd|th)?[-/.\s]+([a-z]+|\d{1,2})[-/.,\s]+(\d{4}|\d{2})$/i.exec(clean);
  if (!last) return null;
  const month = monthNumber(last[2] ?? '');
  if (Number.isNaN(month)) return null;
  const year = last[3] ?? '';
  return { day: String(Number(last[1])), month: String(month), year: year.length === 2 ? `20${year}` : year };
}

/** ISO from the three inputs: '' when all are empty, null when it is not a date. */
export function fromParts({ day, month, year }: DateParts): string | null {
  if (![day, month, year].some((part) => part.trim())) return '';
  const full = /^\d{2}$/.test(year.trim()) ? `20${year.trim()}` : year.trim();
  return /^\d{1,2}$/.test(day.trim()) && /^\d{4}$/.test(full) ? iso(Number(day), monthNumber(month), Number(full)) : null;
}

/** Which of the three inputs are wrong: those that are empty or no such part, or all when each alone could be right. */
export function wrongParts({ day, month, year }: DateParts): (keyof DateParts)[] {
  const [d, m, y] = [Number(day), monthNumber(month), Number(/^\d{2}$/.test(year.trim()) ? `20${year.trim()}` : year)];
  const wrong: (keyof DateParts)[] = [];
  if (!/^\d{1,2}$/.test(day.trim()) || d < 1 || d > 31) wrong.push('day');
  if (!(m >= 1 && m <= 12)) wrong.push('month');
  if (!/^\d{2}(\d{2})?$/.test(year.trim()) || y < 1900 || y > 2200) wrong.push('year');
  if (wrong.length > 0) return wrong;
  // 31 April: the day is what the month does not have
  return iso(d, m, y) === null ? ['day'] : ['day', 'month', 'year'];
}

/** Today's calendar date in Scotland. */
export function today(now = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(now);
}

/** The calendar date so many days later (or earlier). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What is wrong with the value of a DateField, if anything; `missing` says that it must not be empty. */
export function dateMistake(value: string, missing?: string): string | undefined {
  if (!value) return missing;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const [day = '', month = '', year = ''] = value.split('/');
  const absent = (Object.entries({ day, month, year }) as [keyof DateParts, string][]).filter(([, text]) => !text.trim()).map(([part]) => `the ${part}`);
  if (absent.length > 0) return `Enter ${list(absent)}`;
  const [one, ...more] = wrongParts({ day, month, year });
  if (one === 'year' && more.length === 0) return `${year.trim()} is not a year that we can take. Enter it with four digits, such as ${exampleYear()}`;
  return `${value} is not a date. Enter one such as 14 3 ${exampleYear()}`;
}

/** Last year: a date in it is neither in the future nor long ago. */
export const exampleYear = (): string => String(Number(today().slice(0, 4)) - 1);

