// What was just done, for the eye and the ear. It stands at the top of the page where one then is (`Page` shows it) until one
// leaves that page.
import { announce } from './announcer.svelte';
import { navigate, router } from './router.svelte';

class Said {
  #words = $state('');
  #at = $state('');
  /** Counts what was said, so that the same words twice are noticed. */
  times = $state(0);
  /** On the page where it was done: nothing else takes the focus there. */
  here = $state(false);

  /** The words that belong to the page of this path. */
  on(path: string): string {
    return this.#at === path ? this.#words : '';
  }
  say(words: string, to = router.path): void {
    this.#words = words;
    this.#at = new URL(to, location.href).pathname;
    this.here = this.#at === router.path;
    this.times += 1;
    announce(words);
  }
  /** One has gone somewhere: what belongs elsewhere is over. */
  gone(path: string): void {
    if (this.#at !== path) this.#words = '';
  }
}

export const said = new Said();

/** Something was done on this page: says so at its top, and takes the focus there, because what was pressed may be gone. */
export const say = (words: string): void => said.say(words);

/** Goes on to where what was done is seen, and says there that it was done. */
export function leave(to: string, words: string): void {
  said.say(words, to);
  navigate(to);
}
