import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { Problem } from '../api/problem';
import FormFixture from './testing/FormFixture.svelte';

const refusal = new Problem({
  title: 'Not saved',
  status: 422,
  fields: [
    { field: 'email', code: 'taken', message: 'This address is taken' },
    { field: 'completed_on', code: 'future', message: 'The date may not be in the future' },
    { field: 'evidence', code: 'missing', message: 'Evidence is missing' },
  ],
});

describe('a refused form', () => {
  it('lists every mistake, keeps what was typed and leads to the field', async () => {
    const user = userEvent.setup();
    render(FormFixture, { send: () => Promise.reject(refusal) });
    await user.type(screen.getByLabelText('Email'), 'x');
    await user.click(screen.getByRole('button', { name: 'Send' }));

    const summary = await screen.findByRole('alert');
    await waitFor(() => expect(document.activeElement).toBe(summary));
    expect(summary.textContent).toContain('There are 3 problems');
    expect(screen.getByLabelText<HTMLInputElement>('Email').value).toBe('a@example.orgx');
    expect(screen.getByLabelText('Email').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByLabelText('Email').getAttribute('aria-describedby')).toBe('f-email-hint f-email-error');

    await user.click(screen.getByRole('link', { name: 'The date may not be in the future' }));
    expect(document.activeElement).toBe(screen.getByLabelText('Day'));
    expect(screen.queryByRole('link', { name: 'Evidence is missing' })).toBeNull();
  });

  it('says when Cairn cannot be reached, and can be sent again', async () => {
    const user = userEvent.setup();
    const send = vi.fn().mockRejectedValueOnce(Problem.offline()).mockResolvedValueOnce({});
    render(FormFixture, { send });
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect((await screen.findByRole('alert')).textContent).toContain('We could not reach Cairn');
    await user.click(screen.getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('is sent once, however often the button is pressed', async () => {
    const user = userEvent.setup();
    const send = vi.fn(() => new Promise(() => undefined));
    render(FormFixture, { send });
    await user.dblClick(screen.getByRole('button', { name: 'Send' }));
    expect(send).toHaveBeenCalledOnce();
  });
});

describe('a date field', () => {
  const output = () => screen.getByRole('status').textContent;

  it('gives an ISO date for day, month and year', async () => {
    const user = userEvent.setup();
    render(FormFixture, { send: () => Promise.resolve() });
    await user.type(screen.getByLabelText('Day'), '3');
    expect(output()).toBe('3//|false');
    await user.type(screen.getByLabelText('Month'), 'sept');
    await user.type(screen.getByLabelText('Year'), '2026');
    expect(output()).toBe('2026-09-03|true');
    expect(screen.getByLabelText<HTMLInputElement>('Month').value).toBe('sept');
  });

  it('takes a pasted date', async () => {
    const user = userEvent.setup();
    render(FormFixture, { send: () => Promise.resolve() });
    await user.click(screen.getByLabelText('Day'));
    await user.paste('14 March 2027');
    expect(output()).toBe('2027-03-14|true');
    expect(screen.getByLabelText<HTMLInputElement>('Year').value).toBe('2027');
  });

  it('keeps what is no date, and says that it is none', async () => {
    const user = userEvent.setup();
    render(FormFixture, { send: () => Promise.resolve() });
    await user.click(screen.getByLabelText('Day'));
    await user.paste('31/02/2026');
    expect(output()).toBe('31/2/2026|false');
  });
});
