// What moving an item is called, by where it comes from and goes to.
import type { Schemas } from '../../api/client';

export type Status = Schemas['ItemOut']['status'];

export const statusWords: Record<Status, string> = { draft: 'Draft', in_review: 'In review', published: 'Published', retired: 'Retired' };

export function moveWords(from: Status, to: Status): string {
  if (to === 'published') return from === 'retired' ? 'Publish again' : 'Publish';
  if (to === 'in_review') return 'Submit for review';
  if (to === 'retired') return 'Retire';
  return 'Back to draft';
}

/** What has happened by it. */
export const moved: Record<Status, string> = {
  draft: 'It is a draft again: only its provider and curators see it.',
  in_review: 'It is sent to a curator.',
  published: 'It is public.',
  retired: 'It is retired: nobody finds it any more, and completions keep it.',
};
