// One polite live region for the whole page: results counted, a change saved, a filter applied.
class Announcer {
  message = $state('');

  say(message: string): void {
    // The same words twice would not be read twice: a no-break space makes them different.
    this.message = message === this.message ? `${message}\u00a0` : message;
  }
}

export const announcer = new Announcer();
export const announce = announcer.say.bind(announcer);
