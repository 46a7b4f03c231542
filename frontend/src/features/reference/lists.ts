// Turns each kind of reference list into one shape, so that one table shows them all.
import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/client';
import { date, decimal, list, words } from '../../ui/format';

export interface CodeList {
  label: string;
  version: string;
  source: string;
  note: string;
  /** Where the same list stands for programs. */
  path: string;
  columns: { key: string; label: string }[];
  rows: Record<string, string>[];
}

/** Lists that are no vocabularies, beside those that the backend names. */
export const others = [
  { value: 'areas', label: 'Areas' },
  { value: 'pay-frameworks', label: 'Pay frameworks and full-time hours' },
];

export async function load(id: string): Promise<CodeList> {
  if (id === 'areas') return areas(await ok(api.GET('/reference/areas')));
  if (id === 'pay-frameworks') return payFrameworks(await ok(api.GET('/reference/pay-frameworks')));
  return vocabulary(await ok(api.GET('/reference/vocabularies/{id}', { params: { path: { id } } })));
}

export function vocabulary(of: Schemas['VocabularyOut']): CodeList {
  const labels = new Map(of.items.map((term) => [term.slug, term.label]));
  const rows = of.items.map((term) => {
    const row: Record<string, string> = { name: term.label, code: term.slug };
    if (term.parent) row['part_of'] = labels.get(term.parent) ?? words(term.parent);
    if (term.note) row['meaning'] = term.note;
    for (const [key, value] of Object.entries(term.attributes)) row[key] = key === 'register' ? value.toUpperCase() : tidy(value);
    if (term.aliases.length) row['aliases'] = term.aliases.join(', ');
    return row;
  });
  const used = (key: string) => rows.some((row) => row[key]);
  const own = [...new Set(of.items.flatMap((term) => Object.keys(term.attributes)))].sort();
  const columns = [
    { key: 'name', label: 'Name' },
    { key: 'code', label: 'Code' },
    { key: 'part_of', label: 'Part of' },
    { key: 'meaning', label: 'Meaning' },
    ...own.map((key) => ({ key, label: titles[key] ?? words(key) })),
    { key: 'aliases', label: 'Also understood' },
  ];
  return {
    label: of.label,
    version: of.version,
    source: of.source,
    note: of.note,
    path: `/api/reference/vocabularies/${of.id}`,
    columns: columns.filter(({ key }) => used(key)),
    rows,
  };
}

const titles: Record<string, string> = { ksf_level: 'Level expected', typical_band: 'Usual band', tier: 'Usual tier' };

/** Codes become words; names of bodies, sentences and numbers stay as they are. */
const tidy = (value: string): string => (/^[a-z]+(_[a-z0-9]+)*$/.test(value) ? words(value) : value);

export function areas(of: Schemas['AreasOut']): CodeList {
  const names = new Map(of.items.map((area) => [area.slug, area.name]));
  return {
    label: 'Areas',
    version: of.version,
    source: of.source,
    note: 'Official codes retire and clash, so Cairn keeps its own codes. A service is counted once, in the council of its base; its health board and Alcohol and Drug Partnership follow from that.',
    path: '/api/reference/areas',
    columns: [
      { key: 'name', label: 'Name' },
      { key: 'kind', label: 'Kind' },
      { key: 'code', label: 'Code' },
      { key: 'official', label: 'Official code' },
      { key: 'within', label: 'Lies within' },
      { key: 'former', label: 'Former codes' },
    ],
    rows: of.items.map((area) => ({
      name: area.name,
      kind: area.kind === 'adp' ? 'Alcohol and Drug Partnership' : words(area.kind),
      code: area.slug,
      official: area.official_code ?? '',
      within: list(area.within.map((link) => names.get(link.area) ?? link.area)),
      former: area.former_codes.join(', '),
    })),
  };
}

export function payFrameworks(of: Schemas['PayFrameworksOut']): CodeList {
  return {
    label: 'Pay frameworks and full-time hours',
    version: of.version,
    source: of.source,
    note: 'A whole-time equivalent is somebody’s weekly hours divided by the full-time hours of the pay framework on that day.',
    path: '/api/reference/pay-frameworks',
    columns: [
      { key: 'name', label: 'Name' },
      { key: 'hours', label: 'Full-time week' },
      { key: 'when', label: 'When' },
      { key: 'code', label: 'Code' },
      { key: 'meaning', label: 'Meaning' },
    ],
    rows: of.items.flatMap((framework) =>
      framework.hours.map((hours) => ({
        name: framework.label,
        hours: `${decimal(hours.weekly_minutes / 60).replace(/\.0$/, '')} hours`,
        when: span(hours.valid_from, hours.valid_to),
        code: framework.slug,
        meaning: framework.note,
      })),
    ),
  };
}

function span(from: string | undefined, to: string | undefined): string {
  if (from && to) return `${date(from)} to ${date(to)}`;
  if (from) return `From ${date(from)}`;
  return to ? `Until ${date(to)}` : 'Always';
}

/** Rows in which every word of the question stands somewhere. */
export function matching(rows: CodeList['rows'], question: string): CodeList['rows'] {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const wanted = plain(question).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = plain(Object.values(row).join(' '));
    return wanted.every((word) => text.includes(word));
  });
}
