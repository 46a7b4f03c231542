import { cleanup, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { session } from '../app/session.svelte';
import { forgetDrafts } from './drafts';
import FormFixture from './testing/FormFixture.svelte';

const signIn = (id: string) => (session.me = { account: { id, email: `${id}@example.org` }, roles: [] } as unknown as typeof session.me);
const email = () => screen.getByLabelText<HTMLInputElement>('Email');
const open = (send: () => Promise<unknown> = () => Promise.resolve({})) => render(FormFixture, { send });

describe('what was typed and not saved', () => {
  beforeEach(() => {
    sessionStorage.clear();
    signIn('isla');
  });

  it('is there again after the form was left, and can be thrown away', async () => {
    const user = userEvent.setup();
    open();
    await user.type(email(), 'x');
    await user.type(screen.getByLabelText('Day'), '3');
    cleanup();
    open();
    expect(await screen.findByText(/We kept what you typed here before/)).toBeTruthy();
    expect(email().value).toBe('a@example.orgx');
    expect(screen.getByLabelText<HTMLInputElement>('Day').value).toBe('3');
    await user.click(screen.getByRole('button', { name: 'Start again' }));
    expect(email().value).toBe('a@example.org');
    cleanup();
    open();
    expect(email().value).toBe('a@example.org');
    expect(screen.queryByText(/We kept/)).toBeNull();
  });

  it('goes when it was saved, and stays when it was refused', async () => {
    const user = userEvent.setup();
    open(() => Promise.reject(new Error('no')));
    await user.type(email(), 'x');
    await user.click(screen.getByRole('button', { name: 'Send' }));
    cleanup();
    open();
    expect(email().value).toBe('a@example.orgx');
    await user.click(screen.getByRole('button', { name: 'Send' }));
    cleanup();
    open();
    expect(email().value).toBe('a@example.org');
  });

  it('is nobody else’s, and gone when they sign out', async () => {
    const user = userEvent.setup();
    open();
    await user.type(email(), 'x');
    cleanup();
    signIn('callum');
    open();
    expect(email().value).toBe('a@example.org');
    cleanup();
    signIn('isla');
    forgetDrafts();
    open();
    expect(email().value).toBe('a@example.org');
  });
});
