// A table of buttons and links as one stop of the Tab key: arrows walk from cell to cell, Home and End along the row, with Ctrl to the
// corners, Page Up and Page Down by several rows (the keys of the ARIA grid pattern).
const PAGE = 8;

interface Stop {
  button: HTMLElement;
  column: number;
}

export function gridKeys(table: HTMLTableElement): { destroy: () => void } {
  table.setAttribute('role', 'grid');
  const rows = (): Stop[][] =>
    [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [...row.cells].flatMap((cell) => [...cell.querySelectorAll<HTMLElement>('button, a[href]')].map((button) => ({ button, column: cell.cellIndex }))));
  let current: HTMLElement | undefined;

  /** Exactly one button can be reached by Tab: the one that had the focus last, or the first. */
  function settle() {
    const all = rows().flat();
    if (!all.some(({ button }) => button === current)) current = all[0]?.button;
    for (const { button } of all) button.tabIndex = button === current ? 0 : -1;
  }

  const nearest = (row: Stop[], column: number): Stop | undefined => row.find((stop) => stop.column === column) ?? row.findLast((stop) => stop.column < column) ?? row[0];

  function target(event: KeyboardEvent, grid: Stop[][], y: number, x: number): Stop | undefined {
    const here = grid[y]?.[x];
    if (!here) return undefined;
    const from = (start: number, step: number) => {
      for (let at = start; at >= 0 && at < grid.length; at += step) if (grid[at]?.length) return nearest(grid[at] ?? [], here.column);
      return undefined;
    };
    switch (event.key) {
      case 'ArrowRight':
        return grid[y]?.[x + 1];
      case 'ArrowLeft':
        return grid[y]?.[x - 1];
      case 'ArrowDown':
        return from(y + 1, 1);
      case 'ArrowUp':
        return from(y - 1, -1);
      case 'PageDown':
        return from(Math.min(y + PAGE, grid.length - 1), -1);
      case 'PageUp':
        return from(Math.max(y - PAGE, 0), 1);
      case 'Home':
        return event.ctrlKey ? grid.find((row) => row.length)?.[0] : grid[y]?.[0];
      case 'End':
        return event.ctrlKey ? grid.findLast((row) => row.length)?.at(-1) : grid[y]?.at(-1);
      default:
        return undefined;
    }
  }

  function key(event: KeyboardEvent) {
    if (event.altKey || event.metaKey || event.shiftKey) return;
    const grid = rows();
    const y = grid.findIndex((row) => row.some(({ button }) => button === event.target));
    const next = target(event, grid, y, grid[y]?.findIndex(({ button }) => button === event.target) ?? -1);
    if (!next) return;
    event.preventDefault();
    next.button.focus();
  }

  function focused(event: FocusEvent) {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('tbody :is(button, a[href])')) return;
    current = event.target;
    settle();
  }

  const changes = new MutationObserver(settle);
  changes.observe(table, { childList: true, subtree: true });
  table.addEventListener('keydown', key);
  table.addEventListener('focusin', focused);
  settle();
  return {
    destroy: () => {
      changes.disconnect();
      table.removeEventListener('keydown', key);
      table.removeEventListener('focusin', focused);
    },
  };
}
