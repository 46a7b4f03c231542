// Who an item is for: providers write it in their own words, often as letters. The letters that are known, in words. Pure.
const known: Record<string, string> = {
  all: 'Everyone',
  'a&e': 'A&E',
  adp: 'Alcohol and drug partnerships (ADPs)',
  'cyp staff': 'Staff who work with children and young people',
  'cyp teams': 'Teams for children and young people',
  gp: 'GPs',
  iep: 'Injecting equipment provision (IEP)',
  'mat teams': 'MAT teams',
  nhs: 'NHS',
};

const start = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** One audience, as a choice: "Nurses", "A&E". */
export const audienceLabel = (value: string): string => known[value.trim().toLowerCase()] ?? start(value.trim());

/** All of an item's audiences in one line: "Peers, prison, A&E". */
export const audiences = (text: string): string =>
  start(
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
      .map((one) => known[one.toLowerCase()] ?? one)
      .join(', '),
  );
