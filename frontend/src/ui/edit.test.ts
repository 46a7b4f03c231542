import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../api/problem';
import { session } from '../app/session.svelte';
import EditFixture from './testing/EditFixture.svelte';

const thing = { name: 'Lomond', sector: 'nhs', opened_on: '2024-04-01' };
const standing = { data: thing, etag: '"1"' };
const clash = new Problem({ code: 'changed_meanwhile', title: 'Somebody else changed this meanwhile' }, 412);
const box = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
const send = () => userEvent.click(screen.getByRole('button', { name: 'Send' }));
const type = async (name: string, text: string) => {
  await userEvent.clear(box(name));
  await userEvent.type(box(name), text);
};
/** Whoever sends with another tag than that of the newest version is refused. */
function backend(newest: typeof thing) {
  const sent = vi.fn((values: typeof thing, etag: string): Promise<unknown> => (etag === '"2"' ? Promise.resolve(values) : Promise.reject(clash)));
  return { sent, read: vi.fn(() => Promise.resolve({ data: newest, etag: '"2"' })) };
}
const versions = () => screen.getByRole('region', { name: 'Somebody else has changed this thing' });
const part = (name: string) => within(versions()).getByRole('group', { name });

describe('two people change one thing', () => {
  beforeEach(() => {
    sessionStorage.clear();
    session.me = { account: { id: 'isla', email: 'isla@example.org' }, roles: [] } as unknown as typeof session.me;
  });

  it('shows both versions in words, takes the focus, and saves what is chosen with the newer tag', async () => {
    const { sent, read } = backend({ ...thing, name: 'Lomond and Leven', opened_on: '2023-04-01' });
    render(EditFixture, { standing, read, send: sent });
    await type('Name', 'Loch Lomond');
    await send();

    await waitFor(() => expect(document.activeElement).toBe(versions()));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(part('Name').textContent).toMatch(/Yours\s*Loch Lomond\s*Theirs, saved\s*Lomond and Leven/);
    // both changed the name: what was typed stands; only they changed the day: theirs stands
    expect(within(part('Name')).getByLabelText<HTMLInputElement>('Yours').checked).toBe(true);
    expect(within(part('Opened')).getByLabelText<HTMLInputElement>('Theirs, saved').checked).toBe(true);
    expect(part('Opened').textContent).toContain('1 April 2024');
    expect(box('Opened').value).toBe('2023-04-01');
    expect(within(versions()).queryByRole('group', { name: 'Sector' })).toBeNull();

    await userEvent.click(screen.getByRole('button', { name: 'Save what is chosen' }));
    await waitFor(() => expect(screen.queryByText(/Somebody else/)).toBeNull());
    expect(sent).toHaveBeenLastCalledWith({ name: 'Loch Lomond', sector: 'nhs', opened_on: '2023-04-01' }, '"2"');
  });

  it('loses nothing by choosing one version and then the other', async () => {
    const { sent, read } = backend({ ...thing, name: 'Theirs' });
    render(EditFixture, { standing, read, send: sent });
    await type('Name', 'Mine');
    await send();
    await waitFor(() => versions());
    await userEvent.click(within(part('Name')).getByLabelText('Theirs, saved'));
    expect(box('Name').value).toBe('Theirs');
    expect(part('Name').textContent).toContain('Mine');
    await userEvent.click(within(part('Name')).getByLabelText('Yours'));
    expect(box('Name').value).toBe('Mine');
    await type('Name', 'Mine, better');
    expect(part('Name').textContent).toContain('Mine, better');
    await userEvent.click(within(part('Name')).getByLabelText('Theirs, saved'));
    await userEvent.click(within(part('Name')).getByLabelText('Yours'));
    expect(box('Name').value).toBe('Mine, better');
  });

  it('asks nothing when they changed nothing that this form holds, or the same', async () => {
    const { sent, read } = backend({ ...thing, sector: 'third' });
    render(EditFixture, { standing, read, send: sent });
    await type('Sector', 'third');
    await type('Name', 'Mine');
    await send();
    await waitFor(() => expect(sent).toHaveBeenLastCalledWith({ ...thing, name: 'Mine', sector: 'third' }, '"2"'));
    expect(screen.queryByText(/Somebody else/)).toBeNull();
  });

  it('keeps what was typed when the newer version cannot be read, or it clashes again', async () => {
    let turn = 1;
    const sent = vi.fn((_: typeof thing, etag: string) => (etag === '"3"' ? Promise.resolve({}) : Promise.reject(clash)));
    const read = vi.fn(() => (turn === 1 ? Promise.reject(Problem.offline()) : Promise.resolve({ data: { ...thing, name: `Theirs ${turn}` }, etag: `"${turn}"` })));
    render(EditFixture, { standing, read, send: sent });
    await type('Name', 'Mine');
    await send();
    expect((await screen.findByRole('alert')).textContent).toContain('We could not reach Cairn');
    turn = 2;
    await send();
    await waitFor(() => expect(part('Name').textContent).toContain('Theirs 2'));
    turn = 3;
    await send();
    await waitFor(() => expect(part('Name').textContent).toContain('Theirs 3'));
    expect(box('Name').value).toBe('Mine');
    await send();
    await waitFor(() => expect(screen.queryByText(/Somebody else/)).toBeNull());
  });

  it('sets a draft of an earlier version beside what stands by now, and throws it away when asked', async () => {
    const { sent, read } = backend(thing);
    render(EditFixture, { standing, read, send: sent });
    await type('Name', 'Mine');
    cleanup();
    const newer = { data: { ...thing, name: 'Theirs', sector: 'third' }, etag: '"2"' };
    render(EditFixture, { standing: newer, read, send: sent });
    expect(box('Name').value).toBe('Mine');
    expect(box('Sector').value).toBe('third');
    expect(part('Name').textContent).toContain('Theirs');
    cleanup();
    render(EditFixture, { standing: newer, read, send: sent });
    expect(part('Name').textContent).toContain('Mine');
    await userEvent.click(screen.getByRole('button', { name: 'Start again' }));
    expect(box('Name').value).toBe('Theirs');
    expect(screen.queryByText(/Somebody else/)).toBeNull();
    cleanup();
    render(EditFixture, { standing: newer, read, send: sent });
    expect(box('Name').value).toBe('Theirs');
  });
});
