// Which team is looked at, and how a cell is put in words.
import { router } from '../../app/router.svelte';
import { session } from '../../app/session.svelte';
import type { Schemas } from '../../api/client';
import { date } from '../../ui/format';

export type Matrix = Schemas['MatrixOut'];
export type Row = Schemas['MatrixRowOut'];
export type Cell = Schemas['CellOut'];
export type Column = Schemas['ColumnOut'];

export type Named = { person_id: string; given_name: string; family_name: string };
type Status = Cell['status'];

export interface Employer {
  id: string;
  name: string;
  /** May change requirements there, not only read. */
  leads: boolean;
}

/** The organisations that I look after, as employer or as manager of some services. */
export function employers(): Employer[] {
  const all = new Map<string, Employer>();
  for (const role of ['employer', 'manager'] as const) {
    for (const { organisation_id: id, organisation_name: name } of session.grants(role)) {
      if (id && !all.has(id)) all.set(id, { id, name: name ?? '', leads: role === 'employer' });
    }
  }
  return [...all.values()];
}

/** The one that the address names, or else the first. */
export function chosen(): Employer | undefined {
  const all = employers();
  return all.find(({ id }) => id === router.query.get('organisation')) ?? all[0];
}

/** Which people a filter shows, in the words of a choice and of "5 people with something overdue". */
export const showings = {
  complete: { choice: 'Hold everything', people: 'holding everything that is asked' },
  late: { choice: 'Something overdue or expired', people: 'with something overdue or expired' },
  soon: { choice: 'Something due or lapsing', people: 'with something due or lapsing' },
  waiting: { choice: 'Something waiting for confirmation', people: 'with something waiting for confirmation' },
  missing: { choice: 'Anything missing', people: 'with something missing' },
  exempt: { choice: 'An exemption', people: 'with an exemption' },
  met: { choice: 'Something met', people: 'with something met' },
  expiring: { choice: 'Something lapsing', people: 'with something that lapses' },
  due: { choice: 'Something due', people: 'with something due' },
  overdue: { choice: 'Something overdue', people: 'with something overdue' },
  expired: { choice: 'Something expired', people: 'with something expired' },
} as const;
export type Showing = keyof typeof showings;
/** Those to choose from; the others come by a link. */
export const offered: Showing[] = ['complete', 'late', 'soon', 'waiting', 'missing', 'exempt'];

const kinds: Partial<Record<Showing, Status[]>> = {
  late: ['overdue', 'expired'],
  soon: ['due', 'expiring'],
  missing: ['due', 'overdue', 'expired'],
};

/** Whether a cell is one for which the filter shows a person; without a filter it shows all. */
export function shows(filter: string, { status, waiting }: Pick<Cell, 'status' | 'waiting'>): boolean {
  if (!filter || filter === 'complete') return true;
  if (filter === 'waiting') return waiting !== undefined;
  return kinds[filter as Showing]?.includes(status) ?? status === filter;
}

/** What the address asks of the team's people, but for the organisation. */
export interface Wanted {
  requirement?: string;
  service?: string;
  status?: Showing;
  q?: string;
  as_at?: string;
}
export function wanted(query: URLSearchParams): Wanted {
  const of = (name: keyof Wanted) => query.get(name)?.trim() || undefined;
  const [requirement, service, q, as_at] = [of('requirement'), of('service'), of('q'), of('as_at')];
  const status = (Object.keys(showings) as Showing[]).find((one) => one === of('status'));
  return { ...(requirement && { requirement }), ...(service && { service }), ...(status && { status }), ...(q && { q }), ...(as_at && { as_at }) };
}

/** What is asked of one person, in the order of the columns. */
export const cellsOf = (row: Row, columns: Column[]): { column: Column; cell: Cell }[] =>
  columns.flatMap((column) => {
    const cell = row.cells.find((one) => one.requirement_id === column.id);
    return cell ? [{ column, cell }] : [];
  });

/** The cell of the matrix that an explanation is about. */
export function cellOf(why: Schemas['ExplainOut']): Cell {
  const { requirement_id, status, valid_through, due_by, counted, waiting } = why;
  const never = status === 'due' || status === 'overdue';
  return { requirement_id, status, ...(valid_through && { valid_through }), ...(counted && { assurance: counted.assurance }), ...(never && { due_by }), ...(waiting && { waiting: { completion_id: waiting.completion_id, since: waiting.since, needs: waiting.needs, may_confirm: why.may_confirm } }) };
}

const short = (iso: string): string => date(iso).replace(/(\d+) (\p{L}{3})\p{L}* /u, '$1 $2 ');

/** The few words of a cell: "Met until 3 May 2027". */
export function cellWords({ status, valid_through: through, due_by: due }: Cell): string {
  switch (status) {
    case 'met':
      return through ? `Met until ${short(through)}` : 'Met';
    case 'expiring':
      return through ? `Lapses after ${short(through)}` : 'Expiring';
    case 'expired':
      return through ? `Expired ${short(through)}` : 'Expired';
    case 'due':
      return due ? `Due by ${short(due)}` : 'Due';
    case 'overdue':
      return due ? `Overdue since ${short(due)}` : 'Overdue';
    case 'exempt':
      return 'Exempt';
  }
}

/** Beside a name: "Starts on 1 December 2026. Leaves on 31 March 2027." */
export function comesAndGoes({ starts_on: starts, leaves_on: leaves }: Pick<Row, 'starts_on' | 'leaves_on'>): string {
  return [starts && `Starts on ${date(starts)}.`, leaves && `Leaves on ${date(leaves)}.`].filter(Boolean).join(' ');
}

/** Beside a cell: "Waiting since 3 May 2026". */
export function waitingWords({ waiting }: Cell): string {
  if (!waiting) return '';
  return waiting.needs === 'evidence_attached' ? 'Needs evidence' : `Waiting for confirmation since ${short(waiting.since)}`;
}

export const fullName = (person: Pick<Named, 'given_name' | 'family_name'>): string => `${person.given_name} ${person.family_name}`;
