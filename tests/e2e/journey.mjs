// What a file of journeys stands on: a Cairn with demo data and a browser, from its first test to its last.
import { after, afterEach, before } from 'node:test';
import { launch, openPage, shot } from './browser.mjs';
import { startCairn } from './cairn.mjs';

/** Call once a file: `const { open } = journeys();`, then `const page = await open({ width })` in each test. */
export function journeys() {
  let cairn;
  let browser;
  let pages = [];
  before(async () => {
    cairn = await startCairn();
    browser = await launch();
  });
  // A page that is still open is one where a journey failed.
  afterEach(async ({ name }) => {
    for (const [index, page] of pages.filter((page) => !page.isClosed()).entries()) {
      if (process.env.CAIRN_SHOTS) await shot(page, `failed-${name.replace(/\W+/g, '-')}-${index + 1}`);
      await page.context().close();
    }
    pages = [];
  });
  after(async () => {
    await browser?.close();
    await cairn?.stop();
  });
  return {
    async open(options) {
      const page = await openPage(browser, cairn.url, options);
      pages.push(page);
      return page;
    },
  };
}
