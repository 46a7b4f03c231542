// From the cells of an answer to the rows of a table and the squares or bars of a picture. Pure.
import type { Marker } from '../../ui/format';
import { decimal, figure, list, markerMeaning, number, percent } from '../../ui/format';
import { areaKinds } from './question';
import type { By, CellOut, DimensionOut, MeasureId, MeasureOut, TableOut } from './wire';

export interface Cell {
  value: number | null;
  marker: Marker | null;
}
/** A value of a dimension; `null` is the total over it. */
export type Key = string | null;
export interface Line {
  keys: Key[];
  labels: string[];
  /** How many of its keys are totals: all of them for the bottom line. */
  totals: number;
  cells: Cell[];
  /** Nothing but zeros, or nothing that applies. */
  empty: boolean;
}
export interface Column {
  key: Key;
  label: string;
  total: boolean;
}
export interface Pivot {
  heads: string[];
  columns: Column[];
  lines: Line[];
  foot: Line | undefined;
}

const separator = '\u001f';
const missing: Cell = { value: null, marker: 'x' };
const path = (keys: Key[]) => keys.map((key) => key ?? '').join(separator);

export const write = (measure: MeasureOut): ((value: number) => string) => (measure.unit === 'percent' ? percent : measure.unit === 'wte' ? decimal : number);
export const isEmpty = (cell: Cell): boolean => cell.value === 0 || cell.marker === 'z';
const dimension = (table: TableOut, by: By): DimensionOut => table.dimensions.find(({ id }) => id === by) ?? { id: by, label: by, values: [] };
const toCell = ({ value, marker }: CellOut): Cell => ({ value: value ?? null, marker: marker ?? null });

/** By dimension: the keys that occur, in the vocabulary's order, areas by name, the total last. */
function keysOf(table: TableOut, by: By, cells: CellOut[]): { key: Key; label: string }[] {
  const seen = new Set(cells.map((cell) => cell.keys[by]));
  const keys: { key: Key; label: string }[] = dimension(table, by).values.filter(({ id }) => seen.has(id)).map(({ id, label }) => ({ key: id, label }));
  // Codes put Fife after the Western Isles; people look areas up by name.
  if (areaKinds.includes(by)) keys.sort((a, b) => a.label.localeCompare(b.label, 'en-GB'));
  if (seen.has(null)) keys.push({ key: null, label: 'Total' });
  return keys;
}

/** All combinations of the keys of some dimensions; one empty combination for none. */
function combinations(table: TableOut, dimensions: By[], cells: CellOut[]): { keys: Key[]; labels: string[] }[] {
  return dimensions.reduce<{ keys: Key[]; labels: string[] }[]>(
    (all, by) => {
      const own = keysOf(table, by, cells);
      return all.flatMap(({ keys, labels }) => own.map(({ key, label }) => ({ keys: [...keys, key], labels: [...labels, label] })));
    },
    [{ keys: [], labels: [] }],
  );
}

export function pivot(table: TableOut, measure: MeasureOut): Pivot {
  const cells = table.cells.filter((cell) => cell.measure === measure.id);
  const all = [...table.rows, ...table.columns];
  const at = new Map(cells.map((cell) => [path(all.map((by) => cell.keys[by] ?? null)), toCell(cell)]));
  const across = combinations(table, table.columns, cells);
  const lines = combinations(table, table.rows, cells).map(({ keys, labels }): Line => {
    const own = across.map((column) => at.get(path([...keys, ...column.keys])) ?? missing);
    return { keys, labels: labels.length > 0 ? labels : ['Total'], totals: keys.filter((key) => key === null).length, cells: own, empty: own.every(isEmpty) };
  });
  const whole = (line: Line) => line.totals === table.rows.length;
  return {
    heads: table.rows.length > 0 ? table.rows.map((by) => dimension(table, by).label) : ['All'],
    columns: across.map(({ keys, labels }) => ({
      key: keys[0] ?? null,
      label: table.columns.length === 0 ? measure.label : labels.join(', '),
      total: table.columns.length > 0 && keys.every((key) => key === null),
    })),
    lines: table.rows.length > 0 ? lines.filter((line) => !whole(line)) : [],
    foot: lines.find(whole),
  };
}

export interface Sorting {
  column: number;
  descending: boolean;
}

/** By the figures of one column; what has no figure comes last either way. */
export function sorted(lines: Line[], by: Sorting | null): Line[] {
  if (!by) return lines;
  return [...lines].sort((a, b) => {
    const [left, right] = [a.cells[by.column]?.value ?? null, b.cells[by.column]?.value ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return by.descending ? right - left : left - right;
  });
}

/** The dimension that the picture shows: the area if there is one, else the first. */
export function pictured(table: TableOut): By | undefined {
  const all = [...table.rows, ...table.columns];
  return all.find((by) => areaKinds.includes(by)) ?? all[0];
}

export interface Part extends Cell {
  key: string;
  label: string;
}

/** The figures of one dimension, with a value (or the total) chosen of each other one. */
export function parts(table: TableOut, measure: MeasureId, by: By, pins: Partial<Record<By, string>>): Part[] {
  const others = [...table.rows, ...table.columns].filter((other) => other !== by);
  const cells = table.cells.filter((cell) => cell.measure === measure && others.every((other) => (cell.keys[other] ?? null) === (pins[other] || null)));
  const at = new Map(cells.map((cell) => [cell.keys[by] ?? null, toCell(cell)]));
  return keysOf(table, by, cells).flatMap(({ key, label }) => (key === null ? [] : [{ key, label, ...(at.get(key) ?? missing) }]));
}

/** Bars for a chart: of a long list only those that have a length. */
export const barred = (figures: Part[]): Part[] => (figures.length > 15 ? figures.filter((part) => part.marker === null && part.value !== 0) : figures);

/** Whether there is a picture of these figures that says more than the table. */
export const worthDrawing = (figures: Part[]): boolean => figures.filter(({ value }) => value !== null).length > 1;

/** The other dimensions, with what can be chosen of each. */
export function pinnable(table: TableOut, by: By): DimensionOut[] {
  return table.dimensions
    .filter(({ id }) => id !== by)
    .map((other) => ({ ...other, values: keysOf(table, other.id, table.cells).flatMap(({ key, label }) => (key === null ? [] : [{ id: key, label }])) }));
}

/** What the title says after the measures: " by sector, as at 1 May 2026"; '' when it begins otherwise. */
function after(table: TableOut): string {
  const named = list(table.measures.map(({ label }) => label));
  return table.title.startsWith(named) ? table.title.slice(named.length) : '';
}

/** "Posts by sector, as at 1 May 2026" for one of several measures. */
export function captionOf(table: TableOut, measure: MeasureOut): string {
  const rest = after(table);
  return table.measures.length === 1 ? table.title : rest ? `${measure.label}${rest}` : `${measure.label}: ${table.title}`;
}

/** The measures in the order of the question, not in that of the vocabulary. */
export const asAsked = (table: TableOut, asked: MeasureId[]): MeasureOut[] => [...table.measures].sort((a, b) => asked.indexOf(a.id) - asked.indexOf(b.id));

/** The title with its measures in that order. */
export function titleOf(table: TableOut, asked: MeasureId[]): string {
  const rest = after(table);
  return rest ? `${list(asAsked(table, asked).map(({ label }) => label))}${rest}` : table.title;
}

/** How often each marker stands in the table. */
export function held(table: TableOut): Record<Marker, number> {
  const count = { c: 0, x: 0, z: 0 };
  for (const { marker } of table.cells) if (marker) count[marker] += 1;
  return count;
}

export interface MarkerWords {
  marker: Marker;
  meaning: string;
}

/** The markers among some cells, with their meanings, for the legend. */
export function legend(cells: Cell[]): MarkerWords[] {
  return (['c', 'x', 'z'] as const).filter((marker) => cells.some((cell) => cell.marker === marker)).map((marker) => ({ marker, meaning: markerMeaning[marker] }));
}

export const text = (cell: Cell, measure: MeasureOut): string => figure(cell.value, cell.marker, write(measure));

/** An area's name, short enough for a square of the map. */
export const tileName = (label: string): string => label.replace(/ ADP$/, '').replace(/^.* \/ /, '').replace(/ & /g, ' and ');
