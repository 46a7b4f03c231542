// A History-API router for about thirty screens. A route's component is loaded when it is first opened;
// the query string is state (`router.query`, `setQuery`); scroll and focus come back with the back button.
import { tick } from 'svelte';
import type { Component } from 'svelte';
import type { Role } from './session.svelte';

export type Params = Record<string, string>;
/** What every routed component receives. */
export interface RouteProps {
  params: Params;
}
export interface RouteDef {
  /** `/people/:person_id`; a segment that begins with a colon becomes a parameter. */
  path: string;
  /** Shown while the screen loads; the screen's own <Page title> takes over. */
  title: string;
  /** A screen takes RouteProps or nothing; `any` because Svelte types a screen without props as taking none. */
  component: () => Promise<{ default: Component<any> }>;
  /** Who may open it: anyone when left out, any signed-in person for `[]`. */
  roles?: Role[];
}

interface Entry {
  scroll: number;
  /** href of the link that led away, so that focus can return to it. */
  from?: string;
}

export function match(pattern: string, path: string): Params | null {
  const want = pattern.split('/').filter(Boolean);
  const have = path.split('/').filter(Boolean);
  if (want.length !== have.length) return null;
  const params: Params = {};
  for (const [index, segment] of want.entries()) {
    const value = have[index] ?? '';
    if (segment.startsWith(':')) {
      try {
        params[segment.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (segment !== value) return null;
  }
  return params;
}

/** The first route that fits; a fixed segment beats a parameter (`/items/new` over `/items/:id`). */
export function find(routes: RouteDef[], path: string): { route: RouteDef; params: Params } | null {
  let best: { route: RouteDef; params: Params } | null = null;
  for (const route of routes) {
    const params = match(route.path, path);
    if (params && (!best || Object.keys(params).length < Object.keys(best.params).length)) best = { route, params };
  }
  return best;
}

class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));
  /** True between a navigation and the moment the new page's heading takes the focus. */
  #focusHeading = false;
  #restore: Entry | null = null;

  get href(): string {
    const query = this.query.toString();
    return query ? `${this.path}?${query}` : this.path;
  }

  start(): () => void {
    history.scrollRestoration = 'manual';
    const click = (event: MouseEvent) => this.#click(event);
    const pop = (event: PopStateEvent) => this.#pop(event.state as Entry | null);
    document.addEventListener('click', click);
    window.addEventListener('popstate', pop);
    return () => {
      document.removeEventListener('click', click);
      window.removeEventListener('popstate', pop);
    };
  }

  /** Go somewhere inside Cairn. */
  navigate(to: string, options: { replace?: boolean; from?: string } = {}): void {
    const url = new URL(to, location.href);
    const moved = url.pathname !== this.path;
    if (options.replace) history.replaceState({ scroll: 0 }, '', url);
    else {
      this.#remember(options.from);
      history.pushState({ scroll: 0 }, '', url);
    }
    this.#restore = null;
    this.#focusHeading = moved;
    this.#read(url);
    if (moved) window.scrollTo(0, 0);
    if (url.hash) void tick().then(() => this.jump(url.hash.slice(1)));
  }

  /** Change parts of the query string and stay on the screen. `undefined`, '' and [] remove a part. */
  setQuery(changes: Record<string, string | string[] | undefined>, options: { replace?: boolean } = {}): void {
    const query = new URLSearchParams(this.query);
    for (const [key, value] of Object.entries(changes)) {
      query.delete(key);
      for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(key, one);
    }
    if (query.toString() === this.query.toString()) return;
    const text = query.toString();
    const url = text ? `${this.path}?${text}` : this.path;
    if (options.replace) history.replaceState(history.state, '', url);
    else {
      this.#remember();
      history.pushState({ scroll: window.scrollY }, '', url);
    }
    this.query = query;
  }

  /** Called by <Page> when it is on the screen: true when its heading should take the focus. */
  arrive(): boolean {
    const wanted = this.#focusHeading;
    this.#focusHeading = false;
    const entry = this.#restore;
    this.#restore = null;
    if (entry) void this.#settle(entry);
    return wanted;
  }

  /** Focus and show an element by id (skip link, error summary, #fragment). */
  jump(id: string): void {
    const element = document.getElementById(id);
    if (!element) return;
    if (!element.matches('a[href],button,input,select,textarea,summary,[tabindex]')) element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'center' });
  }

  #read(url: { pathname: string; search: string }): void {
    this.path = url.pathname;
    this.query = new URLSearchParams(url.search);
  }

  #remember(from?: string): void {
    const entry: Entry = { scroll: window.scrollY };
    if (from) entry.from = from;
    history.replaceState(entry, '');
  }

  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    const href = link?.getAttribute('href');
    if (!link || !href || (link.target && link.target !== '_self') || link.hasAttribute('download')) return;
    const url = new URL(href, location.href);
    if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
    event.preventDefault();
    if (href.startsWith('#')) this.jump(href.slice(1));
    else this.navigate(url.href, { from: href });
  }

  #pop(state: Entry | null): void {
    const moved = location.pathname !== this.path;
    this.#focusHeading = moved;
    this.#restore = moved ? (state ?? { scroll: 0 }) : null;
    this.#read(location);
  }

  /**
   * Data may arrive after the page: try until the place exists again, for at most two seconds,
   * and stop as soon as the person does something themselves.
   */
  async #settle(entry: Entry): Promise<void> {
    const stop = new AbortController();
    for (const kind of ['wheel', 'touchstart', 'keydown', 'pointerdown'])
      window.addEventListener(kind, () => stop.abort(), { signal: stop.signal, passive: true });
    const until = performance.now() + 2000;
    while (!stop.signal.aborted && performance.now() < until) {
      await tick();
      const link = entry.from ? [...document.querySelectorAll('a')].find((a) => a.getAttribute('href') === entry.from) : undefined;
      const tall = document.documentElement.scrollHeight >= entry.scroll + window.innerHeight;
      if (tall && (link ?? !entry.from)) {
        window.scrollTo(0, entry.scroll);
        link?.focus({ preventScroll: true });
        break;
      }
      await new Promise((next) => setTimeout(next, 60));
    }
    stop.abort();
  }
}

export const router = new Router();
export const navigate = router.navigate.bind(router);
export const setQuery = router.setQuery.bind(router);
