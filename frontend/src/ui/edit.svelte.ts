// An edit of what two people may change at once. It is sent with the tag of what was read. When somebody else saved in between
// (412), both versions are shown (`BothVersions.svelte`): what only they changed is taken over, what was typed here stays, and
// for each part either can be chosen as often as one likes before saving again. When they changed nothing of what this form
// holds, it is saved at once. The same happens to a draft of an earlier version that is opened again.
import { tick } from 'svelte';
import { Problem } from '../api/problem';
import type { Form } from './form.svelte';
import { date } from './format';

/** How a part of the form is called, and how its value reads; left out, the value itself. `along`: what goes with it. */
export type Part<T = unknown> = string | { label: string; spell: (value: T) => string; along?: string[] };
export type Parts<V> = { [name in keyof V & string]?: Part<V[name]> };
export interface Read<D> {
  data: D;
  etag: string;
}
export interface Row {
  field: string;
  label: string;
  mine: string;
  theirs: string;
  /** Which of the two stands in the form. */
  takes: 'mine' | 'theirs';
}
interface Options<V, D> {
  parts: Parts<V>;
  /** How it stands now; gets the tag that no longer does. */
  read: (etag: string) => Promise<Read<D>>;
  /** The same as the form holds it. */
  values: (data: D) => Partial<V>;
  /** Which refusal means that it has changed since. */
  stale?: (problem: Problem) => boolean;
}

const MOST_TRIES = 3;

export class Edit<V extends Record<string, unknown>, D> {
  readonly form: Form<V>;
  readonly #of: Options<V, D>;
  /** What this edit goes on from; after a clash the newer version. */
  data = $state.raw<D>();
  etag = '';
  /** Counts clashes: the comparison takes the focus at each. */
  clashes = $state(0);
  #first: Partial<V> = {};
  #theirs = $state.raw<Partial<V> | null>(null);
  #fields = $state.raw<string[]>([]);
  /** What was typed here of each part, also while theirs is chosen. */
  #mine = $state.raw<Partial<V>>({});

  constructor(form: Form<V>, of: Options<V, D>) {
    this.form = form;
    this.#of = of;
  }

  /** How it stands now. */
  read(): Promise<Read<D>> {
    return this.#of.read(this.etag);
  }

  get clashed(): boolean {
    return this.#theirs !== null;
  }

  /** The form begins with what was read; a draft of an earlier version is set beside it. `values`: when it begins with something else. */
  begin({ data, etag }: Read<D>, values: Partial<V> = this.#of.values(data)): this {
    [this.data, this.etag, this.#first, this.#theirs] = [data, etag, values, null];
    const late = this.form.begin(values, () => (this.#theirs = null));
    if (!late) return this;
    this.#first = late.first;
    Object.assign(this.form.values, late.values);
    this.#compare(values);
    return this;
  }

  /** Like `form.submit`; `send` gets the tag too. */
  async submit<T>(send: (values: V, etag: string) => Promise<T>): Promise<T | undefined> {
    let clash: Problem | null = null;
    const saved = await this.form.submit(async (values) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await send(values, this.etag);
        } catch (error) {
          const problem = Problem.from(error);
          const stale = this.#of.stale?.(problem) ?? problem.code === 'changed_meanwhile';
          if (!stale || tries === MOST_TRIES) throw problem;
          const now = await this.read();
          [this.data, this.etag] = [now.data, now.etag];
          if (this.#compare(this.#of.values(now.data))) throw (clash = problem);
        }
      }
    });
    if (saved !== undefined) this.#theirs = null;
    else if (clash !== null && this.form.problem === clash) {
      this.form.problem = null;
      await tick();
      this.clashes += 1;
    }
    return saved;
  }

  /** Sets both versions beside each other; false when nothing of theirs is touched by what stands in the form. */
  #compare(theirs: Partial<V>): boolean {
    const before = this.#first;
    this.#first = theirs;
    const differing = Object.keys(this.#of.parts).filter((field) => !this.#same(field, this.form.values[field], theirs[field]));
    const touched = differing.filter((field) => !this.#same(field, before[field], theirs[field]));
    if (touched.length === 0) return false;
    const typed = pick($state.snapshot(this.form.values) as Record<string, unknown>, differing.flatMap((field) => this.#together(field)));
    this.#mine = typed as Partial<V>;
    this.#fields = differing;
    this.#theirs = theirs;
    // what only they changed was never meant to be put back
    for (const field of touched) if (this.#same(field, typed[field], before[field])) this.choose(field, 'theirs');
    return true;
  }

  get rows(): Row[] {
    const theirs = this.#theirs;
    if (!theirs) return [];
    return this.#fields.map((field) => {
      const part = this.#of.parts[field];
      const now = this.form.values[field];
      const takes = this.#same(field, now, theirs[field]) ? 'theirs' : 'mine';
      const mine = takes === 'mine' ? now : this.#mine[field];
      return { field, label: typeof part === 'object' ? part.label : (part ?? field), mine: this.#spell(field, mine), theirs: this.#spell(field, theirs[field]), takes };
    });
  }

  /** One part as it was typed here, or as they saved it. Neither is lost by choosing the other. */
  choose(field: string, whose: 'mine' | 'theirs'): void {
    const fields = this.#together(field);
    const now = pick($state.snapshot(this.form.values) as Record<string, unknown>, fields);
    if (!this.#same(field, now[field], this.#theirs?.[field])) this.#mine = { ...this.#mine, ...now };
    Object.assign(this.form.values, structuredClone(pick((whose === 'mine' ? this.#mine : this.#theirs) ?? {}, fields)));
  }
  /** A part with what goes with it. */
  #together(field: string): string[] {
    const part = this.#of.parts[field] as Part | undefined;
    return [field, ...((typeof part === 'object' && part.along) || [])];
  }

  #spell(field: string, value: unknown): string {
    const part = this.#of.parts[field] as Part | undefined;
    if (typeof part === 'object') return part.spell(value).trim();
    if (Array.isArray(value)) return [...value].sort().join(', ');
    return typeof value === 'string' ? value.trim() : JSON.stringify(value ?? '');
  }
  #same(field: string, one: unknown, other: unknown): boolean {
    return this.#spell(field, one) === this.#spell(field, other);
  }
}

const pick = (values: Record<string, unknown>, fields: string[]): Record<string, unknown> => Object.fromEntries(fields.map((field) => [field, values[field]]));

/** A part that is chosen from a list: its label is what reads. */
export const chosen = (label: string, options: () => { value: string; label: string }[]): { label: string; spell: (value: unknown) => string } => ({
  label,
  spell: (value) => {
    const labels = options();
    return (Array.isArray(value) ? value : [value]).map((one) => labels.find((option) => option.value === one)?.label ?? String(one ?? '')).sort().join(', ');
  },
});

/** A part that is a date, as typed while it is none. */
export const dated = (label: string): { label: string; spell: (value: unknown) => string } => ({
  label,
  spell: (value) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? date(String(value)) : String(value ?? '')),
});
