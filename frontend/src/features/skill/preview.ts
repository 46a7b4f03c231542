// What a requirement would do, in words.
import type { Schemas } from '../../api/client';
import { date } from '../../ui/format';
import type { Status } from '../../ui/StatusBadge.svelte';

export type Preview = Schemas['PreviewOut'];
type Of = Schemas['PreviewFigureOut']['of'];

const figure = (preview: Preview, of: Of) => preview.figures.find((one) => one.of === of);

/** "Everybody at Leith: 12 people in 14 posts, today." */
export function peopleWords(preview: Preview, today: string): string {
  const { exact, on, whom } = preview;
  const people = figure(preview, 'people');
  const posts = figure(preview, 'posts');
  const when = on > today ? `from ${date(on)}` : 'today';
  if (exact && !people?.count) return `${whom}: nobody ${when}.`;
  const one = people?.count === 1;
  const held = exact && posts && posts.count !== people?.count ? ` in ${posts.words} posts` : '';
  return `${whom}: ${people?.words ?? 'nobody'} ${one ? 'person' : 'people'}${held}, ${when}.`;
}

export interface PartWords {
  of: Of;
  status: Status;
  label: string;
  words: string;
  note: string;
}
const labels: [Of, Status, string][] = [
  ['overdue', 'overdue', 'Overdue'],
  ['expired', 'expired', 'Lapsed'],
  ['due', 'due', 'Still in time'],
  ['expiring', 'expiring', 'Met, lapsing soon'],
  ['met', 'met', 'Met'],
  ['exempt', 'exempt', 'Exempt'],
  ['waiting', 'waiting', 'Waiting for confirmation, among all these'],
];

/** How they would stand; what is nobody is left out. */
export function parts(preview: Preview): PartWords[] {
  const newly = figure(preview, 'newly_overdue');
  return labels.flatMap(([of, status, label]) => {
    const found = figure(preview, of);
    if (!found || found.count === 0) return [];
    const note = of === 'overdue' && newly ? ` (${newly.words} of them not overdue as it stands)` : '';
    return [{ of, status, label, words: found.words, note }];
  });
}

/** When the first of those who have time left is overdue. */
export function firstWords({ exact, first_overdue_on: first }: Preview): string {
  if (!first) return '';
  return exact ? `The first is overdue on ${date(first)}, if nothing is recorded until then.` : `Nobody is overdue before ${date(first)}.`;
}
