// A question about the workforce: in the address, in the sentence on the screen, and as it is sent. Pure.
import { assuranceLadder } from '../../ui/AssuranceBadge.svelte';
import type { Assurance, By, Level, MeasureId, QuestionIn, Vocabulary } from './wire';

/** Empty strings stand for what was left open. */
export interface Question extends Record<string, unknown> {
  measures: MeasureId[];
  /** In the order of choosing: first in rows, second in columns, third within the rows. */
  by: By[];
  collection: string;
  as_at: string;
  known_at: string;
  filters: Partial<Record<By, string[]>>;
  assurance: Assurance | '';
  requirement: string;
  theme: string;
  level: Level | '';
  organisation: string;
}

export const measureIds: MeasureId[] = ['headcount', 'posts', 'establishment_wte', 'in_post_wte', 'vacant_wte', 'vacancy_rate', 'coverage', 'compliance'];
export const dimensionIds: By[] = ['health_board', 'council', 'adp', 'sector', 'service_type', 'tier', 'role_family', 'role'];
const levels: Level[] = ['informed', 'skilled', 'enhanced', 'specialist'];
export const areaKinds: By[] = ['health_board', 'council', 'adp'];
const axes: By[][] = [areaKinds, ['role_family', 'role']];

/** Whether two dimensions cut the same thing, so that a table cannot have both. */
export const sameAxis = (a: By, b: By): boolean => a === b || axes.some((axis) => axis.includes(a) && axis.includes(b));

export const aboutSkill = (measures: MeasureId[]): boolean => measures.some((measure) => measure === 'coverage' || measure === 'compliance');

export function question(part: Partial<Question> = {}): Question {
  return { measures: [], by: [], collection: '', as_at: '', known_at: '', filters: {}, assurance: '', requirement: '', theme: '', level: '', organisation: '', ...part };
}

const known = <T extends string>(list: readonly T[], values: string[]): T[] => [...new Set(list.filter((one) => values.includes(one)))].sort((a, b) => values.indexOf(a) - values.indexOf(b));

/** What the address asks; parts that Cairn does not know are left out. */
export function fromQuery(query: URLSearchParams): Question {
  const text = (key: string) => query.get(key) ?? '';
  const filters: Question['filters'] = {};
  for (const one of query.getAll('only')) {
    const [by, value] = [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1)];
    const [dimension] = known(dimensionIds, [by]);
    if (dimension && value) filters[dimension] = [...(filters[dimension] ?? []), value];
  }
  return question({
    measures: known(measureIds, query.getAll('measure')),
    by: known(dimensionIds, query.getAll('by')).slice(0, 3),
    collection: text('collection'),
    as_at: text('collection') ? '' : text('as_at'),
    known_at: Number.isNaN(Date.parse(text('known_at'))) ? '' : text('known_at'),
    filters,
    assurance: known(assuranceLadder.map(({ value }) => value), [text('assurance')])[0] ?? '',
    requirement: text('requirement'),
    theme: text('requirement') ? '' : text('theme'),
    level: text('requirement') ? '' : (known(levels, [text('level')])[0] ?? ''),
    organisation: text('organisation'),
  });
}

/** The same question always has the same address. */
export function toQuery(asked: Question): string {
  const query = new URLSearchParams();
  for (const measure of asked.measures) query.append('measure', measure);
  for (const by of asked.by) query.append('by', by);
  for (const by of dimensionIds) for (const value of asked.filters[by] ?? []) query.append('only', `${by}:${value}`);
  const skill = aboutSkill(asked.measures) ? (['requirement', 'theme', 'level', 'assurance'] as const) : [];
  for (const key of ['collection', 'as_at', 'known_at', 'organisation', ...skill] as const) if (asked[key]) query.set(key, asked[key]);
  return query.toString();
}

export const address = (asked: Question): string => `/map?${toQuery(asked)}`;

/** What coverage and compliance are asked of: "Tackling stigma, skilled level; manager confirmed or better". */
export function skillWords(asked: Question, words: Pick<Vocabulary, 'themes' | 'levels' | 'requirements'>): string {
  if (!aboutSkill(asked.measures)) return '';
  const called = (list: { id: string; label: string }[], id: string) => list.find((one) => one.id === id)?.label ?? id;
  const skill = asked.requirement
    ? (words.requirements.find(({ id }) => id === asked.requirement)?.label ?? 'One requirement')
    : asked.theme
      ? `${called(words.themes, asked.theme)}, ${called(words.levels, asked.level).toLowerCase()} level`
      : 'Everything that is required';
  const step = assuranceLadder.findIndex(({ value }) => value === asked.assurance);
  const trust = step < 1 ? 'any record counts' : `${assuranceLadder[step]?.label.toLowerCase()}${step < assuranceLadder.length - 1 ? ' or better' : ''}`;
  return `${skill}; ${trust}`;
}

/** As the backend takes it. */
export function toBody(asked: Question): QuestionIn {
  const [first, second, third] = asked.by;
  const filters = Object.fromEntries(Object.entries(asked.filters).filter(([, values]) => values && values.length > 0)) as Record<string, string[]>;
  const given = <K extends keyof QuestionIn>(key: K, value: QuestionIn[K] | '') => (value ? { [key]: value } : {});
  const skill = aboutSkill(asked.measures)
    ? { ...given('requirement', asked.requirement), ...given('theme', asked.theme), ...given('level', asked.level), ...given('assurance', asked.assurance) }
    : {};
  return {
    measures: [...asked.measures],
    rows: [first, third].flatMap((by) => (by ? [by] : [])),
    columns: second ? [second] : [],
    filters,
    ...given('collection', asked.collection),
    ...given('as_at', asked.as_at),
    ...given('known_at', asked.known_at),
    ...given('organisation', asked.organisation),
    ...skill,
  };
}

export interface Suggestion {
  label: string;
  question: Question;
}

/** Where to go from a question that cannot be answered safely: fewer dimensions, coarser ones. */
export function coarser(asked: Question): Suggestion[] {
  const swaps: Partial<Record<By, [By, string]>> = {
    council: ['health_board', 'By health board in place of council area'],
    adp: ['health_board', 'By health board in place of ADP'],
    role: ['role_family', 'By role family in place of role'],
  };
  const list = asked.by.flatMap((by) => {
    const swap = swaps[by];
    return swap ? [{ label: swap[1], question: { ...asked, by: asked.by.map((one) => (one === by ? swap[0] : one)) } }] : [];
  });
  if (asked.by.length > 1) list.push({ label: 'With one dimension fewer', question: { ...asked, by: asked.by.slice(0, -1) } });
  if (aboutSkill(asked.measures) && asked.assurance) list.push({ label: 'With any record, however far it is trusted', question: { ...asked, assurance: '' } });
  if (Object.keys(asked.filters).length > 0) list.push({ label: 'Without narrowing it down', question: { ...asked, filters: {} } });
  return list;
}
