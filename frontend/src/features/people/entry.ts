// An appointment as it stands: whoever changes one makes a new entry of it, so that its id is what tells versions apart.
import { api, ok, Problem } from '../../api/client';
import type { Schemas } from '../../api/client';
import type { Read } from '../../ui/edit.svelte';
import { own } from '../organisation/own.svelte';

export type Appointment = Schemas['AppointmentOut'];
export type Person = Schemas['PersonDetailOut'];

const openPerson = (person_id: string): Promise<Person> => ok(api.GET('/organisations/{id}/people/{person_id}', { params: { path: { id: own().id, person_id } } }));

/** Somebody else changed it since; answered by the entry that came instead. */
export const replaced = (problem: Problem): boolean => problem.code === 'superseded';

/** The entry that came in place of one: `last` where something goes on from there, else the same stretch. */
export function successor(before: Appointment[], id: string, now: Appointment[], last: boolean): Appointment | undefined {
  const was = before.find((one) => one.id === id);
  const news = now.filter((one) => !before.some((old) => old.id === one.id)).sort((a, b) => a.starts_on.localeCompare(b.starts_on));
  const inPost = news.filter((one) => one.post_id === was?.post_id);
  const same = inPost.find((one) => one.starts_on === was?.starts_on);
  return last ? (inPost.at(-1) ?? news.at(-1)) : (same ?? inPost[0] ?? news[0]);
}

/** What was read of a person's appointments, so that the entry that came in place of one is known. */
export class Entries {
  #known: Appointment[] = [];

  /** The person, and the entry if it still stands. */
  async open(person_id: string, id: string): Promise<{ person: Person; one: Appointment | undefined }> {
    const person = await openPerson(person_id);
    this.#known = person.posts;
    return { person, one: person.posts.find((one) => one.id === id) };
  }

  /** What came in its place. */
  async next(person_id: string, id: string, last: boolean): Promise<Read<Appointment>> {
    const { posts } = await openPerson(person_id);
    const now = successor(this.#known, id, posts, last);
    if (!now) throw new Problem({ title: 'This appointment has been taken away meanwhile', detail: 'Open the person again to see how it stands. What you typed is still here.' }, 409);
    this.#known = posts;
    return { data: now, etag: now.id };
  }
}
