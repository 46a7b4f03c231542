// What a search box offers while somebody types: a list to walk with the arrow keys, where nothing is chosen until they do.
// A newer question aborts the older one; a failure is no news here, since plain search still works.
import type { Schemas } from '../api/client';

export type Suggestion = Schemas['SuggestionOut'];
export type AskFor = (text: string, signal: AbortSignal) => Promise<Suggestion[]>;

export const kindWords: Record<Suggestion['kind'], string> = { title: 'Title', topic: 'Topic', provider: 'Provider' };

/** Where a suggestion leads: a title to its page, a topic or a provider to all that is found under it. */
export function leadsTo({ kind, id, value, text }: Suggestion): string {
  if (kind === 'title' && id) return `/find/${encodeURIComponent(id)}`;
  if (kind !== 'title' && value) return `/find?${kind}=${encodeURIComponent(value)}`;
  return `/find?q=${encodeURIComponent(text)}`;
}

export class Suggestions {
  items = $state.raw<Suggestion[]>([]);
  open = $state(false);
  /** Place in `items`; -1 when what is typed stands. */
  active = $state(-1);
  #ask: AskFor;
  #wait: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;
  /** What `items` answer. */
  #answered = '';
  #wanted = '';

  constructor(ask: AskFor, wait = 120) {
    this.#ask = ask;
    this.#wait = wait;
  }

  get chosen(): Suggestion | undefined {
    return this.open ? this.items[this.active] : undefined;
  }

  /** The text changed. */
  type(text: string): void {
    const q = text.trim();
    this.#stop();
    this.active = -1;
    this.#wanted = q;
    if (q === '') this.#show([], '');
    else if (q === this.#answered) this.open = this.items.length > 0;
    else this.#timer = setTimeout(() => void this.#fetch(q), this.#wait);
  }

  /** Put the list away; an answer on its way no longer opens it. */
  close(): void {
    this.#stop();
    this.open = false;
    this.active = -1;
  }

  /** Walk to the next or the former; past either end stands what was typed. Opens a list that was put away. */
  move(step: 1 | -1, text: string): void {
    if (!this.open) {
      this.type(text);
      if (!this.open) return;
    }
    const places = this.items.length + 1;
    this.active = ((this.active + 1 + step + places) % places) - 1;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
  }

  async #fetch(q: string): Promise<void> {
    const running = (this.#running = new AbortController());
    let items: Suggestion[] = [];
    let known = q;
    try {
      items = await this.#ask(q, running.signal);
    } catch {
      known = ''; // so that the next key asks again
    }
    if (running === this.#running && q === this.#wanted) this.#show(items, known);
  }

  #show(items: Suggestion[], answered: string): void {
    const kept = this.items[this.active];
    this.active = kept ? items.findIndex((one) => leadsTo(one) === leadsTo(kept)) : -1;
    this.items = items;
    this.#answered = answered;
    this.open = items.length > 0;
  }
}
