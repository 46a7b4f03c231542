// A list that grows by keyset pages: `const list = new Paged((cursor) => ok(api.GET(...)))`.
import { Problem } from '../api/problem';

export interface PageOf<T> {
  items: T[];
  next_cursor?: string | null;
  total?: number | null;
}

export class Paged<T> {
  items = $state.raw<T[]>([]);
  total = $state<number | null>(null);
  loading = $state(false);
  /** True once the first page is here, even if it is empty. */
  ready = $state(false);
  problem = $state.raw<Problem | null>(null);
  #next = $state<string | undefined>(undefined);
  #fetch: (cursor: string | undefined) => Promise<PageOf<T>>;
  #turn = 0;

  constructor(fetch: (cursor: string | undefined) => Promise<PageOf<T>>) {
    this.#fetch = fetch;
  }

  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  /** From the first page: when filters change, or to try again. What is shown stays until the answer is here. */
  async restart(): Promise<void> {
    await this.#get(undefined);
  }

  async more(): Promise<void> {
    if (this.#next !== undefined && !this.loading) await this.#get(this.#next);
  }

  /** Start from a page that is already here. */
  seed(page: PageOf<T>): void {
    this.#turn += 1;
    this.#take(page, undefined);
  }

  async #get(cursor: string | undefined): Promise<void> {
    const mine = ++this.#turn;
    this.loading = true;
    try {
      const page = await this.#fetch(cursor);
      if (mine === this.#turn) this.#take(page, cursor);
    } catch (error) {
      if (mine === this.#turn) this.problem = Problem.from(error);
    } finally {
      if (mine === this.#turn) this.loading = false;
    }
  }

  #take(page: PageOf<T>, cursor: string | undefined): void {
    this.items = cursor === undefined ? page.items : [...this.items, ...page.items];
    this.#next = page.next_cursor ?? undefined;
    if (page.total !== undefined) this.total = page.total;
    this.problem = null;
    this.ready = true;
  }
}
