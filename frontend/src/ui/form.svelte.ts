// One form: its values, what the backend said about each field, and whether it is being sent.
// Values are never cleared by an error; the summary takes the focus. What is typed survives a link, Back, a reload and a
// closed dialog: it is kept for this tab and this account until it was saved (`drafts.ts`).
import { onDestroy } from 'svelte';
import { Problem } from '../api/problem';
import { Draft } from './drafts';

export interface Mistake {
  /** id of the input, or '' when the mistake belongs to no field on the screen. */
  id: string;
  message: string;
}
export interface FieldProps {
  id: string;
  name: string;
  error: string | undefined;
}

export class Form<V extends Record<string, unknown>> {
  values: V;
  errors = $state<Record<string, string>>({});
  /** The last refusal, whole. */
  problem = $state.raw<Problem | null>(null);
  submitting = $state(false);
  /** Counts refusals: the summary takes the focus at each. */
  refusals = $state(0);
  /** What was typed earlier stands in the form again. */
  restored = $state(false);
  #draft: Draft | null = null;
  #begun: V | null = null;
  #left: (() => void) | undefined;
  #prefix: string;
  #fields = new Set<string>();

  constructor(initial: V, prefix: string) {
    const values = $state(initial);
    this.values = values;
    this.#prefix = prefix;
  }

  /** `<TextField {...form.field('email')} bind:value={form.values.email} />` */
  field(name: keyof V & string): FieldProps {
    this.#fields.add(name);
    return { id: this.id(name), name, error: this.errors[name] };
  }

  id(name: string): string {
    return `${this.#prefix}-${name.replace(/[^a-z0-9]+/gi, '-')}`;
  }

  get mistakes(): Mistake[] {
    const list = Object.entries(this.errors).map(([name, message]) => ({ id: this.#fields.has(name) ? this.id(name) : '', message }));
    if (this.problem && list.length === 0) {
      const { status, title, detail } = this.problem;
      // what does not fit with what is there says so itself
      const words = status === 409 && detail ? [detail] : [title, detail];
      list.push({ id: '', message: words.filter(Boolean).join('. ').replace(/\.\./g, '.') });
    }
    return list;
  }

  /** Mistakes that the screen finds itself, before sending. False when there are some. */
  check(errors: Partial<Record<keyof V & string, string | false | undefined>>): boolean {
    this.problem = null;
    this.errors = Object.fromEntries(Object.entries(errors).filter(([, message]) => message)) as Record<string, string>;
    if (Object.keys(this.errors).length === 0) return true;
    this.refusals += 1;
    return false;
  }

  /** Send. The answer, or undefined when it was refused (then `mistakes` says why) or is already on its way. */
  async submit<T>(send: (values: V) => Promise<T>): Promise<T | undefined> {
    if (this.submitting) return undefined;
    this.submitting = true;
    this.problem = null;
    this.errors = {};
    try {
      const answer = await send($state.snapshot(this.values) as V);
      this.#draft?.forget();
      this.restored = false;
      return answer;
    } catch (error) {
      this.refuse(Problem.from(error));
      return undefined;
    } finally {
      this.submitting = false;
    }
  }

  /** Keeps what is typed; to be called while a component is made. */
  keep(draft: Draft): void {
    this.#draft = draft;
    $effect(() => {
      const earlier = draft.fits(JSON.stringify(this.values));
      if (!earlier) return;
      Object.assign(this.values, earlier);
      this.restored = true;
    });
    onDestroy(draft.watch(this.#prefix, () => $state.snapshot(this.values) as Record<string, unknown>));
  }

  /**
   * Begins with what was read (`Edit` calls it). What was typed earlier over the same comes back; what was typed over an
   * earlier version is given, for the caller to set beside it. `left` is called when it is thrown away.
   */
  begin(values: Partial<V>, left?: () => void): { first: V; values: V } | null {
    Object.assign(this.values, values);
    this.#begun = $state.snapshot(this.values) as V;
    this.#left = left;
    const now = JSON.stringify(this.values);
    const earlier = this.#draft?.fits(now);
    const late = earlier ? null : (this.#draft?.late(now) ?? null);
    if (earlier) Object.assign(this.values, earlier);
    if (earlier || late) this.restored = true;
    return late as { first: V; values: V } | null;
  }

  /** Back to what the form began with. */
  discard(): void {
    const first = this.#draft?.forget();
    const begun = this.#begun ?? first;
    if (begun) Object.assign(this.values, structuredClone(begun));
    this.#left?.();
    this.restored = false;
    this.errors = {};
    this.problem = null;
  }

  refuse(problem: Problem): void {
    this.problem = problem;
    this.errors = Object.fromEntries(problem.fields.map(({ field, message }) => [field.replace(/^\/|^body\./, ''), message]));
    this.refusals += 1;
  }
}

/**
 * `const form = createForm({ email: '', password: '' }, 'sign-in')`; the second is the prefix of ids. `about` tells forms of one
 * page apart (whose appointment, which cell), so that what was typed for one never stands in another.
 */
export function createForm<V extends Record<string, unknown>>(initial: V, prefix = 'field', about = ''): Form<V> {
  const form = new Form(initial, prefix);
  form.keep(new Draft(`${prefix} ${about}`.trim()));
  return form;
}
