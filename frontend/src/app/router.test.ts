import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { find, match, router } from './router.svelte';
import type { RouteDef } from './router.svelte';

const component = () => Promise.reject(new Error('not needed'));
const routes: RouteDef[] = ['/', '/find', '/find/:id', '/find/new', '/people/:person_id/status/:requirement_id'].map((path) => ({ path, title: path, component }));

describe('routes', () => {
  it('give their parameters', () => {
    expect(match('/find/:id', '/find/a%20b')).toEqual({ id: 'a b' });
    expect(match('/find/:id', '/find')).toBeNull();
    expect(match('/find/:id', '/find/%E0%A4%A')).toBeNull();
  });
  it('with fixed segments win', () => {
    expect(find(routes, '/find/new')?.route.path).toBe('/find/new');
    expect(find(routes, '/find/42')?.params).toEqual({ id: '42' });
    expect(find(routes, '/')?.route.path).toBe('/');
    expect(find(routes, '/nowhere')).toBeNull();
  });
});

describe('the router', () => {
  let stop: () => void;
  beforeEach(() => {
    history.replaceState(null, '', '/');
    stop = router.start();
    router.navigate('/', { replace: true });
  });
  afterEach(() => stop());

  it('follows plain links of ours and leaves others to the browser', () => {
    document.body.innerHTML = '<a id="ours" href="/find?q=naloxone">x</a><a id="file" href="/api/learning/record.pdf">y</a>';
    document.getElementById('ours')?.click();
    expect(router.path).toBe('/find');
    expect(router.query.get('q')).toBe('naloxone');
    let taken: boolean | undefined;
    const after = (event: Event) => {
      taken = event.defaultPrevented;
      event.preventDefault();
    };
    window.addEventListener('click', after, { once: true });
    document.getElementById('file')?.click();
    expect(taken).toBe(false);
    expect(router.path).toBe('/find');
  });

  it('keeps state in the query', () => {
    router.navigate('/find?q=a&topic=x');
    router.setQuery({ topic: ['x', 'y'], q: '' });
    expect(router.href).toBe('/find?topic=x&topic=y');
    expect(location.search).toBe('?topic=x&topic=y');
  });

  it('asks for the focus on the heading once for each navigation', () => {
    router.navigate('/find');
    expect(router.arrive()).toBe(true);
    expect(router.arrive()).toBe(false);
    router.setQuery({ q: 'b' });
    expect(router.arrive()).toBe(false);
  });

  it('comes back with the back button', async () => {
    router.navigate('/find?q=a');
    router.navigate('/about');
    const popped = new Promise((done) => window.addEventListener('popstate', done, { once: true }));
    history.back();
    await popped;
    expect(router.href).toBe('/find?q=a');
    expect(router.arrive()).toBe(true);
  });
});
