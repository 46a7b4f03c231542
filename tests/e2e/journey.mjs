// What a file of journeys stands on: a Cairn with demo data and a browser, from its first test to its last.
import { after, before } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { startCairn } from './cairn.mjs';

/** Call once a file: `const { open } = journeys();`, then `const page = await open({ width })` in each test. */
export function journeys() {
  let cairn;
  let browser;
  before(async () => {
    cairn = await startCairn();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await cairn?.stop();
  });
  return { open: (options) => openPage(browser, cairn.url, options) };
}
