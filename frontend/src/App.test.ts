import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import App from './App.svelte';
import { router } from './app/router.svelte';
import { routes } from './app/routes';
import { session } from './app/session.svelte';

const me = {
  account: { id: '1', email: 'mairi@example.org' },
  person: { id: '2', given_name: 'Mairi', family_name: 'Ross' },
  roles: [{ role: 'manager', organisation_name: 'Sample Recovery Service' }],
};
let signedIn = false;

const json = (status: number, body: unknown) =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' } }));
const problem = (status: number, code: string) => json(status, { type: 'about:blank', title: code, status, detail: '', code, fields: [] });

beforeEach(() => {
  signedIn = false;
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname;
    if (path === '/api/me') return signedIn ? json(200, me) : problem(401, 'unauthorized');
    if (path === '/api/session' && request.method === 'POST') {
      const { password } = (await request.json()) as { password: string };
      signedIn = password === 'right';
      return signedIn ? json(200, me.account) : problem(401, 'wrong_credentials');
    }
    if (path === '/api/session') {
      signedIn = false;
      return new Response(null, { status: 204 });
    }
    if (path === '/api/catalogue/search') return json(200, { total: 0, hits: [], facets: {} });
    return problem(404, 'not_found');
  });
  // Two screens that the features may not have yet.
  routes.push(
    { path: '/test/team', title: 'Team', roles: ['manager'], component: () => import('./app/NotFound.svelte') },
    { path: '/test/admin', title: 'Admin', roles: ['admin'], component: () => import('./app/NotFound.svelte') },
  );
});
afterEach(() => {
  routes.splice(-2);
  session.state = 'unknown';
  router.navigate('/', { replace: true });
});

const heading = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name });
const open = (path: string) => {
  history.replaceState(null, '', path);
  router.navigate(path, { replace: true });
  render(App);
};

it('says that an address leads nowhere, in title and heading', async () => {
  open('/nowhere');
  await heading('We could not find that page');
  await waitFor(() => expect(document.title).toBe('We could not find that page – Cairn'));
});

it('asks to sign in first, says why not, keeps the address, and goes on to the page', async () => {
  const user = userEvent.setup();
  open('/test/team?status=expired');
  await heading('Sign in');
  await user.type(screen.getByLabelText('Email address'), 'mairi@example.org');
  await user.type(screen.getByLabelText('Password'), 'wrong{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('We do not know that email address and password together');
  expect(screen.getByLabelText<HTMLInputElement>('Email address').value).toBe('mairi@example.org');
  await user.clear(screen.getByLabelText('Password'));
  await user.type(screen.getByLabelText('Password'), 'right{Enter}');
  await waitFor(() => expect(router.href).toBe('/test/team?status=expired'));
});

it('never follows a return address that leaves Cairn', async () => {
  const user = userEvent.setup();
  open('/sign-in?return=//evil.example');
  await heading('Sign in');
  await user.type(screen.getByLabelText('Email address'), 'mairi@example.org');
  await user.type(screen.getByLabelText('Password'), 'right{Enter}');
  await waitFor(() => expect(router.href).toBe('/'));
});

it('tells somebody with another role that the page is not theirs', async () => {
  signedIn = true;
  open('/test/admin');
  await heading('This page is not open to you');
});

it('greets by name and signs out', async () => {
  const user = userEvent.setup();
  signedIn = true;
  open('/');
  await heading('Good to see you, Mairi');
  expect(screen.getByText('You are here as line manager at Sample Recovery Service.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: /Mairi/ }));
  await user.click(screen.getByRole('button', { name: 'Sign out' }));
  await heading(/Training and resources/);
  expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy();
});

it('moves the focus to the heading on navigation', async () => {
  const user = userEvent.setup();
  open('/');
  await heading(/Training and resources/);
  await user.click(screen.getByRole('link', { name: 'About Cairn' }));
  const about = await heading('About Cairn');
  await waitFor(() => expect(document.activeElement).toBe(about));
});
