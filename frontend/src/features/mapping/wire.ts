// The workforce map's part of the API, and the lists that its questions are made of.
import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/client';

export type MeasureId = Schemas['Measure'];
export type By = Schemas['By'];
export type Assurance = Schemas['Assurance'];
export type Level = Schemas['Level'];
export type QuestionIn = Schemas['QuestionIn'];
export type ValueOut = Schemas['ValueOut'];
export type DimensionOut = Schemas['DimensionOut'];
export type MeasureOut = Schemas['MeasureOut'];
export type ResponseOut = Schemas['ResponseOut'];
export type CollectionOut = Schemas['CollectionOut'];
/** The description of the API cannot say that a key may be null, for the total over its dimension. */
export type CellOut = Omit<Schemas['FigureOut'], 'keys'> & { keys: Record<string, string | null> };
export type TableOut = Omit<Schemas['TableOut'], 'cells'> & { cells: CellOut[] };
export type AreaOut = Schemas['AreaOut'];

/** Everything that a question can be made of. */
export interface Vocabulary {
  measures: MeasureOut[];
  dimensions: DimensionOut[];
  collections: CollectionOut[];
  themes: ValueOut[];
  levels: ValueOut[];
  /** National requirements, and those of the caller's own organisations. */
  requirements: ValueOut[];
}

/** A question can do without these lists: when one cannot be had, it is empty. */
const optional = (page: Promise<Schemas['Page_RequirementOut']>) => page.then(({ items }) => items).catch(() => []);
const most = { limit: 100 };

export async function vocabulary(organisations: string[]): Promise<Vocabulary> {
  const [measures, dimensions, collections, frameworks, national, ...own] = await Promise.all([
    ok(api.GET('/mapping/measures')),
    ok(api.GET('/mapping/dimensions')),
    ok(api.GET('/mapping/collections')),
    ok(api.GET('/reference/frameworks')),
    optional(ok(api.GET('/requirements', { params: { query: most } }))),
    ...organisations.map((id) => optional(ok(api.GET('/organisations/{id}/requirements', { params: { path: { id }, query: most } })))),
  ]);
  const skills = frameworks.items.find(({ id }) => id === 'knowledge_and_skills');
  const named = (terms: { slug: string; label: string }[] = []) => terms.map(({ slug, label }) => ({ id: slug, label }));
  const requirements = new Map([national, ...own].flat().map(({ id, name, whom }) => [id, { id, label: whom === 'Everybody' ? name : `${name} (${whom})` }]));
  return { measures: measures.items, dimensions: dimensions.items, collections: collections.items, themes: named(skills?.themes), levels: named(skills?.levels), requirements: [...requirements.values()] };
}

export const ask = (question: QuestionIn): Promise<TableOut> => ok(api.POST('/mapping/tables', { body: question }));

/** Where a release can be fetched as a file. */
export const fileHref = (manifest: string, kind: 'csv' | 'xlsx' | 'json') => `/api/mapping/releases/${manifest}.${kind}`;

export const areas = async (kind: AreaOut['kind']): Promise<AreaOut[]> => (await ok(api.GET('/reference/areas', { params: { query: { kind } } }))).items;
