import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { Problem } from '../api/problem';
import LoadingFixture from './testing/LoadingFixture.svelte';

it('says what it fetches, then shows it', async () => {
  let answer: (text: string) => void = () => undefined;
  render(LoadingFixture, { what: 'your record', load: () => new Promise<string>((done) => (answer = done)) });
  expect(screen.getByRole('status').textContent).toBe('Fetching your record');
  answer('Naloxone');
  expect(await screen.findByText('Naloxone')).toBeTruthy();
  expect(screen.queryByRole('status')).toBeNull();
});

it('offers to try again', async () => {
  const load = vi.fn().mockRejectedValueOnce(Problem.offline()).mockResolvedValueOnce('Naloxone');
  render(LoadingFixture, { what: 'your record', load });
  expect((await screen.findByRole('alert')).textContent).toContain('We could not reach Cairn');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Naloxone')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

it('keeps what is there while it fetches again, and when that fails', async () => {
  const load = vi.fn().mockResolvedValueOnce('Old').mockRejectedValueOnce(Problem.offline());
  render(LoadingFixture, { what: 'your record', load });
  await userEvent.click(await screen.findByRole('button', { name: 'Fetch again' }));
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(screen.getByText('Old')).toBeTruthy();
});

it('never shows an older answer over a newer one', async () => {
  const answers: ((text: string) => void)[] = [];
  const load = () => new Promise<string>((done) => answers.push(done));
  const { rerender } = render(LoadingFixture, { what: 'results', load });
  await rerender({ what: 'results', load: () => new Promise<string>((done) => answers.push(done)) });
  answers[1]?.('New');
  expect(await screen.findByText('New')).toBeTruthy();
  answers[0]?.('Old');
  await Promise.resolve();
  expect(screen.queryByText('Old')).toBeNull();
});
