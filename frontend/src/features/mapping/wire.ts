// The workforce map's part of the API, and the lists that its questions are made of.
import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/client';

export type MeasureId = 'headcount' | 'posts' | 'establishment_wte' | 'in_post_wte' | 'vacant_wte' | 'vacancy_rate' | 'coverage' | 'compliance';
export type By = 'health_board' | 'council' | 'adp' | 'sector' | 'service_type' | 'tier' | 'role_family' | 'role';
export type Assurance = 'self_declared' | 'evidence_attached' | 'manager_confirmed' | 'employer_verified' | 'provider_issued';
export type Level = 'informed' | 'skilled' | 'enhanced' | 'specialist';
export type MarkerOut = 'c' | 'x' | 'z';

export interface QuestionIn {
  collection?: string;
  as_at?: string;
  known_at?: string;
  measures: MeasureId[];
  rows?: By[];
  columns?: By[];
  filters?: Record<string, string[]>;
  assurance?: Assurance;
  requirement?: string;
  theme?: string;
  level?: Level;
  organisation?: string;
}
export interface CellOut {
  measure: MeasureId;
  keys: Record<string, string | null>;
  value: number | null;
  marker: MarkerOut | null;
}
export interface ValueOut {
  id: string;
  label: string;
}
export interface DimensionOut {
  id: By;
  label: string;
  values: ValueOut[];
}
export interface MeasureOut {
  id: MeasureId;
  label: string;
  unit: string;
  definition: string;
}
export interface ResponseOut {
  employers: number;
  answered: number;
  rate: number | null;
  oldest?: string;
  newest?: string;
}
export interface TableOut {
  manifest: string;
  title: string;
  as_at: string;
  rows: By[];
  columns: By[];
  measures: MeasureOut[];
  dimensions: DimensionOut[];
  cells: CellOut[];
  protected: boolean;
  notes: string[];
  response: ResponseOut;
  rule_version: string;
  released_at: string;
}
export interface CollectionOut {
  id: string;
  slug: string;
  name: string;
  as_at: string;
}
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

type Loose = { GET: (path: string) => Promise<{ data?: unknown; error?: unknown; response: Response }>; POST: (path: string, init: { body: unknown }) => Promise<{ data?: unknown; error?: unknown; response: Response }> };
const loose = api as unknown as Loose;
const items = async <T>(path: string) => ((await ok(loose.GET(path))) as { items: T[] }).items;

/** A question can do without this list: when it cannot be had, it is empty. */
const requirementsAt = (path: string) => items<{ id: string; name: string }>(`${path}?limit=100`).catch(() => []);

export async function vocabulary(organisations: string[]): Promise<Vocabulary> {
  const [measures, dimensions, collections, frameworks, national, ...own] = await Promise.all([
    items<MeasureOut>('/mapping/measures'),
    items<DimensionOut>('/mapping/dimensions'),
    items<CollectionOut>('/mapping/collections'),
    ok(api.GET('/reference/frameworks')),
    requirementsAt('/requirements'),
    ...organisations.map((id) => requirementsAt(`/organisations/${id}/requirements`)),
  ]);
  const skills = frameworks.items.find(({ id }) => id === 'knowledge_and_skills');
  const named = (terms: { slug: string; label: string }[] = []) => terms.map(({ slug, label }) => ({ id: slug, label }));
  const requirements = new Map([national, ...own].flat().map(({ id, name }) => [id, { id, label: name }]));
  return { measures, dimensions, collections, themes: named(skills?.themes), levels: named(skills?.levels), requirements: [...requirements.values()] };
}

export const ask = (question: QuestionIn): Promise<TableOut> => ok(loose.POST('/mapping/tables', { body: question })) as Promise<TableOut>;

/** Where a release can be fetched as a file. */
export const fileHref = (manifest: string, kind: 'csv' | 'xlsx' | 'json') => `/api/mapping/releases/${manifest}.${kind}`;

export const areas = async (kind: AreaOut['kind']): Promise<AreaOut[]> => (await ok(api.GET('/reference/areas', { params: { query: { kind } } }))).items;
