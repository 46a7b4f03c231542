import { wte } from '../../ui/format';

// Hours and WTE as people write them. Whole minutes and thousandths inside, never fractions of them.

/** "37.5", "37:30", "37h 30m", "37½" to minutes; null when it is none of these. */
export function minutesOf(text: string): number | null {
  const clean = text.trim().toLowerCase().replace(/½/g, '.5').replace(/¼/g, '.25').replace(/¾/g, '.75').replace(/\s*(hours?|hrs?)\b/g, 'h').replace(/,/g, '.');
  const parts = /^(\d{1,3})\s*(?::|h)\s*(\d{1,2})?\s*(?:m|min|minutes?)?$/.exec(clean);
  if (parts) {
    const minutes = Number(parts[2] ?? 0);
    return minutes < 60 ? Number(parts[1]) * 60 + minutes : null;
  }
  const decimal = /^(\d{0,3}(?:\.\d{1,3})?)h?$/.exec(clean);
  return decimal?.[1] ? Math.round(Number(decimal[1]) * 60) : null;
}

/** 2250 to "37.5"; what does not fit two decimals as "37:20". */
export function hoursText(minutes: number): string {
  const hours = minutes / 60;
  if (Math.abs(hours * 100 - Math.round(hours * 100)) < 1e-9) return String(Math.round(hours * 100) / 100);
  return `${Math.floor(hours)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** "36 hours a week". */
export function weekly(minutes: number): string {
  const text = hoursText(minutes);
  return `${text} ${text === '1' ? 'hour' : 'hours'} a week`;
}

/** "0.8", "1", "2,5" to thousandths; null when it is no such number. */
export function thousandthsOf(text: string): number | null {
  const clean = text.trim().replace(',', '.').replace(/\s*wte$/i, '');
  return /^(\d{1,3}(\.\d{0,3})?|\.\d{1,3})$/.test(clean) ? Math.round(Number(clean) * 1000) : null;
}

/** 800 to "0.8", for a field: exact, not rounded to one decimal. */
export const wteText = (thousandths: number): string => String(thousandths / 1000);

/** What stands beside a vacancy when more people are in post than there is funding for. */
export const over = (thousandths: number): string => (thousandths > 0 ? `, over by ${wte(thousandths / 1000)}` : '');
