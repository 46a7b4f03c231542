import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import FileField from './FileField.svelte';

const file = (name: string, text = 'x') => new File([text], name);
async function choose(files: File[]) {
  const input = screen.getByLabelText<HTMLInputElement>('Evidence');
  Object.defineProperty(input, 'files', { value: files, configurable: true });
  await fireEvent.change(input);
}
const chosen = () => screen.queryAllByRole('listitem').map((item) => item.textContent?.trim().split(' ')[0]);
const open = () => render(FileField, { id: 'evidence', label: 'Evidence', files: [], multiple: true, accept: '.pdf,.jpg', most: 100, count: 3 });

it('takes the good files among those chosen, and names each that it does not take', async () => {
  open();
  await choose([file('a.pdf'), file('Level 1.5 award'), file('SCAN.JPG'), file('b.docx'), file('empty.pdf', ''), file('IMG.HEIC'), file('big.pdf', 'x'.repeat(200))]);
  expect(chosen()).toEqual(['a.pdf', 'Level', 'SCAN.JPG']);
  const error = document.getElementById('evidence-error')?.textContent ?? '';
  for (const words of ['b.docx is not one of', 'empty.pdf is empty', 'IMG.HEIC is an HEIC photograph', 'big.pdf is']) expect(error).toContain(words);
});

it('takes no more than can be kept, and says which are left out', async () => {
  open();
  await choose([file('a.pdf'), file('b.pdf')]);
  await choose([file('c.pdf'), file('d.pdf'), file('e.pdf')]);
  expect(chosen()).toEqual(['a.pdf', 'b.pdf', 'c.pdf']);
  expect(document.getElementById('evidence-error')?.textContent).toContain('We can take 3 files at most: d.pdf, e.pdf are left out.');
});
