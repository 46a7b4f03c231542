import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import SearchBox from './SearchBox.svelte';
import { router } from './router.svelte';

let answer: () => Response;
let asked: string[];
const items = [
  { kind: 'title', text: 'Naloxone for teams', id: '7' },
  { kind: 'topic', text: 'Naloxone and overdose', value: 'naloxone-overdose' },
];
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

beforeEach(() => {
  asked = [];
  answer = () => json(200, { items });
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(new URL(request.url).searchParams.get('q') ?? '');
    return Promise.resolve(answer());
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  router.navigate('/', { replace: true });
});

const box = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Search training and resources' });
const open = async (text: string) => {
  const user = userEvent.setup();
  render(SearchBox, { id: 'box' });
  await user.type(box(), text);
  await screen.findAllByRole('option');
  return user;
};

it('opens a title by keyboard and says where the keys are', async () => {
  const user = await open('nal');
  expect(box().getAttribute('aria-expanded')).toBe('true');
  expect(document.getElementById(box().getAttribute('aria-controls') ?? '')).toBe(screen.getByRole('listbox', { name: 'Suggestions' }));
  expect(box().hasAttribute('aria-activedescendant')).toBe(false);
  await user.keyboard('{ArrowDown}');
  const first = screen.getByRole('option', { name: 'Naloxone for teams Title', selected: true });
  expect(box().getAttribute('aria-activedescendant')).toBe(first.id);
  expect(document.activeElement).toBe(box());
  await user.keyboard('{Enter}');
  expect(router.href).toBe('/find/7');
  expect([box().value, box().getAttribute('aria-expanded')]).toEqual(['', 'false']);
});

it('searches for what is typed when Enter meets no choice', async () => {
  const user = await open('nal');
  await user.keyboard('{Enter}');
  expect(router.href).toBe('/find?q=nal');
  expect(screen.queryByRole('option')).toBeNull();
});

it('is put away by Escape, which keeps the text, and by Tab', async () => {
  const user = await open('nal');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('option')).toBeNull();
  expect(box().value).toBe('nal');
  await user.keyboard('{ArrowUp}');
  expect(screen.getByRole('option', { selected: true }).textContent).toContain('Topic');
  await user.tab();
  expect(screen.queryByRole('option')).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Search' }));
});

it('takes a press on a topic', async () => {
  const user = await open('nal');
  await user.click(screen.getByRole('option', { name: /Topic/ }));
  expect(router.href).toBe('/find?topic=naloxone-overdose');
});

it('still searches when suggestions cannot be had', async () => {
  answer = () => json(503, { title: 'Search is out of reach', status: 503, code: 'search_unavailable' });
  const user = userEvent.setup();
  render(SearchBox, { id: 'box' });
  await user.type(box(), 'nal');
  await waitFor(() => expect(asked).toContain('nal'));
  expect(screen.queryByRole('option')).toBeNull();
  await user.keyboard('{Enter}');
  expect(router.href).toBe('/find?q=nal');
});
