// What was typed and not yet saved, kept for this tab: a link, Back, Escape, a reload or a session that ended lose nothing.
// It belongs to the account that typed it and goes when it was saved or when somebody signs out. Passwords are never kept.
import { session } from '../app/session.svelte';

const PREFIX = 'cairn.draft ';
type Values = Record<string, unknown>;
interface Kept {
  account: string;
  /** The form before anything was typed, as JSON: over anything else the text would be out of place. */
  first: string;
  values: Values;
}

const whose = (): string => session.me?.account.id ?? '';

function read(key: string): Kept | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Kept | null;
    return kept?.account === whose() ? kept : null;
  } catch {
    return null;
  }
}

export class Draft {
  readonly #key: string;
  #waiting: Kept | null;
  #first: string | null = null;

  constructor(name: string) {
    this.#key = `${PREFIX}${location.pathname} ${name}`;
    this.#waiting = read(this.#key);
  }

  /** What was typed earlier, once, when the form stands as it stood then. */
  fits(now: string): Values | null {
    const kept = this.#waiting;
    if (!kept || kept.first !== now) return null;
    this.#waiting = null;
    this.#first = kept.first;
    return kept.values;
  }

  /** What was typed earlier over something that stands otherwise by now, once, with what it was typed over. */
  late(now: string): { first: Values; values: Values } | null {
    const kept = this.#waiting;
    this.#waiting = null;
    if (!kept) return null;
    const first = JSON.parse(kept.first) as Values;
    const fields = (values: Values) => Object.keys(values).sort().join();
    if (JSON.stringify(kept.values) === now || fields(first) !== fields(JSON.parse(now) as Values)) {
      this.forget();
      return null;
    }
    this.#first = kept.first;
    return { first, values: kept.values };
  }

  /** Keeps the values whenever something is typed into a field of the form, or a button of a field is pressed. Returns what ends that. */
  watch(prefix: string, values: () => Values): () => void {
    const ours = (event: Event) => event.target instanceof HTMLElement && event.target.id.startsWith(`${prefix}-`);
    // before the field has it, and after
    const before = (event: Event) => {
      if (ours(event)) this.#first ??= JSON.stringify(values());
    };
    const after = (event: Event) => {
      if (ours(event)) queueMicrotask(() => this.#keep(values()));
    };
    for (const kind of ['input', 'change', 'click']) {
      document.addEventListener(kind, before, true);
      document.addEventListener(kind, after);
    }
    return () => {
      for (const kind of ['input', 'change', 'click']) {
        document.removeEventListener(kind, before, true);
        document.removeEventListener(kind, after);
      }
    };
  }

  #keep(values: Values): void {
    if (this.#first === null || Object.keys(values).some((name) => name.includes('password'))) return;
    const kept: Kept = { account: whose(), first: this.#first, values };
    try {
      if (JSON.stringify(values) === this.#first) sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // a browser without room or leave to keep anything: the form works as it is
    }
  }

  /** It was saved, or is not wanted any more. Gives what the form began with. */
  forget(): Values | null {
    sessionStorage.removeItem(this.#key);
    const first = this.#first;
    this.#first = null;
    this.#waiting = null;
    return first === null ? null : (JSON.parse(first) as Values);
  }
}

/** Somebody signed out: nothing of theirs stays in the tab. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
