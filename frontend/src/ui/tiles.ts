// Pure parts of the tile map: classes, short names, and where an arrow key leads.
import type { Marker } from './format';

export interface Tile {
  area: string;
  label: string;
  column: number;
  row: number;
  value: number | null;
  marker?: Marker | null;
}

/** Upper ends of at most `count` classes with about as many tiles each; equal values never part. */
export function classEnds(values: number[], count = 5): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const ends: number[] = [];
  for (let index = 1; index <= count; index += 1) {
    const end = sorted[Math.ceil((index * sorted.length) / count) - 1];
    if (end !== undefined && end !== ends.at(-1)) ends.push(end);
  }
  return ends;
}

/** Which class a value is in, from 0; the last one for values beyond the end. */
export function classOf(value: number, ends: number[]): number {
  const index = ends.findIndex((end) => value <= end);
  return index < 0 ? Math.max(0, ends.length - 1) : index;
}

/** Two to four letters for a small tile, different for each area. */
export function shortNames(labels: string[]): Map<string, string> {
  const taken = new Map<string, string>();
  const used = new Set<string>();
  for (const label of labels) {
    const words = label.replace(/^(NHS|City of)\s+/i, '').replace(/\s+(City|ADP)\b/gi, '').split(/[\s-]+/).filter((word) => !/^(and|&|of|the)$/i.test(word));
    const first = words[0] ?? label;
    const tries = [
      words.length > 1 ? words.map((word) => word.charAt(0).toUpperCase()).join('').slice(0, 4) : first.slice(0, 3),
      /shire$/.test(first) ? `${first.slice(0, 2)}sh` : first.slice(0, 2) + first.slice(-1),
      first.slice(0, 4),
      first.slice(0, 1) + (words[1] ?? '').slice(0, 2),
    ];
    const name = tries.find((one) => one.length > 1 && !used.has(one)) ?? `${first.slice(0, 2)}${used.size}`;
    used.add(name);
    taken.set(label, name);
  }
  return taken;
}

/** The nearest tile in the direction of an arrow key. */
export function neighbour<T extends { column: number; row: number }>(tiles: T[], from: T, key: string): T | undefined {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
  const distance = (tile: T) => {
    const ahead = (tile.column - from.column) * (dx ?? 0) + (tile.row - from.row) * (dy ?? 0);
    const aside = Math.abs((tile.column - from.column) * (dy ?? 0)) + Math.abs((tile.row - from.row) * (dx ?? 0));
    return ahead > 0 ? ahead + aside * 2 : Infinity;
  };
  const best = tiles.reduce<T | undefined>((near, tile) => (distance(tile) < (near ? distance(near) : Infinity) ? tile : near), undefined);
  return best;
}

/** A label in at most three lines, and the size that lets its longest word fit a tile of 100. */
export function lines(label: string): { rows: string[]; size: number } {
  const rows: string[] = [];
  for (const word of label.replace(/^NHS\s+/, '').split(/\s+/)) {
    const last = rows.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= 11) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  const longest = Math.max(...rows.map((row) => row.length));
  return { rows, size: Math.min(15, 92 / (0.56 * longest), rows.length > 3 ? 12 : 15) };
}
