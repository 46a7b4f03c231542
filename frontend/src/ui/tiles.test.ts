import { describe, expect, it } from 'vitest';
import { classEnds, classOf, lines, neighbour, shortNames } from './tiles';

describe('classes', () => {
  it('hold about as many areas each', () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    const ends = classEnds(values);
    expect(ends).toEqual([4, 8, 12, 16, 20]);
    expect(values.map((value) => classOf(value, ends)).filter((at) => at === 2)).toHaveLength(4);
  });
  it('never part equal values', () => {
    expect(classEnds([0, 0, 0, 0, 5])).toEqual([0, 5]);
    expect(classEnds([])).toEqual([]);
  });
});

it('short names differ', () => {
  const labels = ['Aberdeen City', 'Aberdeenshire', 'Angus', 'Argyll and Bute', 'East Ayrshire', 'East Lothian', 'NHS Greater Glasgow and Clyde', 'Na h-Eileanan Siar', 'NHS Fife', 'Fife'];
  const names = [...shortNames(labels).values()];
  expect(new Set(names).size).toBe(labels.length);
  expect(shortNames(labels).get('NHS Greater Glasgow and Clyde')).toBe('GGC');
});

it('arrow keys lead to the nearest tile that way, over gaps', () => {
  const tile = (area: string, column: number, row: number) => ({ area, column, row });
  const [a, b, c] = [tile('a', 0, 2), tile('b', 3, 2), tile('c', 1, 0)];
  expect(neighbour([a, b, c], a, 'ArrowRight')?.area).toBe('b');
  expect(neighbour([a, b, c], a, 'ArrowUp')?.area).toBe('c');
  expect(neighbour([a, b, c], a, 'ArrowLeft')).toBeUndefined();
});

it('labels fit their tile', () => {
  expect(lines('Perth and Kinross').rows).toEqual(['Perth and', 'Kinross']);
  expect(lines('West Dunbartonshire').size).toBeLessThan(13);
});
