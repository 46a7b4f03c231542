import { beforeEach, describe, expect, it } from 'vitest';
import { gridKeys } from './gridKeys';

const cell = (name: string) => (name ? `<td><button>${name}</button></td>` : '<td>·</td>');
const row = (...names: string[]) => `<tr><th>Somebody</th>${names.map(cell).join('')}</tr>`;

describe('a table of buttons', () => {
  let table: HTMLTableElement;
  const press = (key: string, ctrlKey = false) => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }));
  const at = () => document.activeElement?.textContent;
  const stops = () => [...table.querySelectorAll('button')].filter((button) => button.tabIndex === 0).map((button) => button.textContent);

  beforeEach(() => {
    document.body.innerHTML = `<table><thead><tr><th><button>sort</button></th></tr></thead><tbody>${row('a1', 'b1', 'c1')}${row('', 'b2', '')}${row('a3', '', 'c3')}</tbody></table>`;
    table = document.querySelector('table') as HTMLTableElement;
    gridKeys(table);
  });

  it('is one stop of the Tab key, that of the last focus', () => {
    expect(stops()).toEqual(['sort', 'a1']);
    [...table.querySelectorAll('button')].find((button) => button.textContent === 'c3')?.focus();
    expect(stops()).toEqual(['sort', 'c3']);
  });

  it('is walked with the arrows, over cells in which nothing stands', () => {
    [...table.querySelectorAll('button')].find((button) => button.textContent === 'a1')?.focus();
    const walked = [['ArrowRight'], ['ArrowDown'], ['ArrowDown'], ['ArrowRight'], ['ArrowRight'], ['ArrowUp'], ['ArrowUp'], ['Home'], ['End']].map(([key]) => {
      press(key ?? '');
      return at();
    });
    expect(walked).toEqual(['b1', 'b2', 'a3', 'c3', 'c3', 'b2', 'b1', 'a1', 'c1']);
    press('End', true);
    expect(at()).toBe('c3');
    press('Home', true);
    expect(at()).toBe('a1');
    press('PageDown');
    expect(at()).toBe('a3');
  });

  it('has a link of a cell among its stops', () => {
    const cell = [...table.querySelectorAll('button')].find((button) => button.textContent === 'b2');
    cell?.insertAdjacentHTML('afterend', '<a href="/there">to it</a>');
    cell?.focus();
    press('ArrowRight');
    expect(at()).toBe('to it');
    expect([...table.querySelectorAll<HTMLElement>('tbody :is(button, a)')].filter((one) => one.tabIndex === 0).map((one) => one.textContent)).toEqual(['to it']);
    press('ArrowUp');
    expect(at()).toBe('b1');
  });

  it('keeps one stop when rows come and go', async () => {
    table.tBodies[0]?.rows[0]?.remove();
    await new Promise((next) => setTimeout(next));
    expect(stops()).toEqual(['sort', 'b2']);
  });
});
