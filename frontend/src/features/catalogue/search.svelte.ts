// One search at a time: a newer question aborts the older one, and a late answer never covers a newer one.
import { Problem } from '../../api/problem';
import type { Schemas } from '../../api/client';

export type Found = Schemas['SearchOut'];
export type Hit = Schemas['HitOut'];
export type Ask = (signal: AbortSignal, cursor?: string) => Promise<Found>;

export class Search {
  hits = $state.raw<Hit[]>([]);
  facets = $state.raw<Found['facets'] | null>(null);
  total = $state(0);
  loading = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** True once the first answer is here. */
  ready = $state(false);
  next = $state<string | undefined>(undefined);
  #turn = 0;
  #running: AbortController | undefined;
  #ask: Ask | undefined;

  async run(ask: Ask): Promise<void> {
    this.#ask = ask;
    await this.#get(undefined);
  }

  async again(): Promise<void> {
    await this.#get(undefined);
  }

  async more(): Promise<void> {
    if (this.next !== undefined && !this.loading) await this.#get(this.next);
  }

  stop(): void {
    this.#turn += 1;
    this.#running?.abort();
  }

  async #get(cursor: string | undefined): Promise<void> {
    if (!this.#ask) return;
    const mine = ++this.#turn;
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.loading = true;
    try {
      const found = await this.#ask(running.signal, cursor);
      if (mine !== this.#turn) return;
      this.hits = cursor === undefined ? found.hits : [...this.hits, ...found.hits];
      this.facets = found.facets;
      this.total = found.total;
      this.next = found.next_cursor ?? undefined;
      this.problem = null;
      this.ready = true;
    } catch (error) {
      if (mine !== this.#turn) return;
      this.problem = Problem.from(error);
    }
    this.loading = false;
  }
}
