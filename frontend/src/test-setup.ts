import '@testing-library/svelte/vitest';
import { configure } from '@testing-library/svelte';
import { beforeEach } from 'vitest';

// A busy machine is slow, not wrong: wait for what is asked for, and fail only when it never comes.
configure({ asyncUtilTimeout: 15_000 });

// jsdom draws nothing: these are missing or not implemented there.
window.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
window.matchMedia ??= (query: string) =>
  ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};

// Nothing that one test typed waits in the form of the next.
beforeEach(() => sessionStorage.clear());
