// How Cairn writes dates, times, money and figures. One spelling each, tested.
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const instantDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/London' });
const instantTime = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit', hour12: false, timeZone: 'Europe/London' });
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export type Marker = 'c' | 'x' | 'z';

/** ISO date to "14 March 2027"; empty for nothing. */
export function date(iso: string | null | undefined): string {
  if (!iso) return '';
  return day.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
}

/** "14 March", for this year's dates in running text. */
export function shortDate(iso: string): string {
  return date(iso).replace(/ \d{4}$/, '');
}

/** UTC instant to "14 March 2027 at 9:05" in Scotland. */
export function instant(text: string): string {
  const at = new Date(text);
  return `${instantDay.format(at)} at ${instantTime.format(at).replace(/^0(?=\d:)/, '')}`;
}

/** UTC instant to the day in Scotland: "14 March 2027". */
export const dayOf = (text: string): string => instantDay.format(new Date(text));

/** Minutes in words: a learning day is 7 hours. "45 minutes", "2 hours", "half a day", "1 day", "2 days". */
export function duration(minutes: number | null | undefined): string {
  if (minutes === null || minutes === undefined) return '';
  if (minutes === 210) return 'half a day';
  if (minutes >= 420 && minutes % 210 === 0) {
    const days = minutes / 420;
    if (days === 1) return '1 day';
    return Number.isInteger(days) ? `${days} days` : `${Math.floor(days)}½ days`;
  }
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const words = [hours > 0 && plural(hours, 'hour'), (rest > 0 || hours === 0) && plural(rest, 'minute')];
  return words.filter(Boolean).join(' ');
}

/** The exact minutes, to stand beside `duration` on an item's own page: "210 minutes". */
export const minutes = (count: number): string => plural(count, 'minute');

/** "1 course", "2 courses"; give the plural when it is not an s. */
export function plural(count: number, word: string, words = `${word}s`): string {
  return `${number(count)} ${count === 1 ? word : words}`;
}

export const number = (value: number): string => whole.format(value);

/** WTE and other figures with one decimal. */
export const decimal = (value: number): string => one.format(value);
export const wte = (value: number): string => one.format(value);

/** A rate that is already a percentage: "12.5%". */
export const percent = (value: number): string => `${one.format(value)}%`;

/** Pence to "£12.50"; whole pounds without pence; nothing to pay is "Free". */
export function money(pence: number | null | undefined): string {
  if (pence === null || pence === undefined) return '';
  if (pence === 0) return 'Free';
  const places = pence % 100 === 0 ? 0 : 2;
  return new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP', minimumFractionDigits: places }).format(pence / 100);
}

export function bytes(count: number): string {
  if (count < 1024) return plural(count, 'byte');
  if (count < 1024 * 1024) return `${number(count / 1024)} KB`;
  return `${(count / 1024 / 1024).toFixed(1).replace(/\.0$/, '')} MB`;
}

/** A figure, or its marker when the disclosure rules hold it back. */
export function figure(value: number | null | undefined, marker: Marker | null | undefined, write: (value: number) => string = number): string {
  if (marker) return `[${marker}]`;
  return value === null || value === undefined ? '[x]' : write(value);
}

export const markerMeaning: Record<Marker, string> = {
  c: 'held back so that no one can be identified',
  x: 'not available',
  z: 'not applicable',
};

/** `health_board` to "Health board", for codes that have no label of their own. */
export function words(code: string): string {
  const text = code.replace(/[_-]+/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a, b and c". */
export function list(items: string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(items);
}
