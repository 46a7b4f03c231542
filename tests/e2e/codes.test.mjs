// Somebody who prepares a spreadsheet looks up a code.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, visit } from './browser.mjs';
import { startCairn } from './cairn.mjs';

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

test('a code is found by a name that people use', async () => {
  const page = await openPage(browser, cairn.url);
  for (const list of ['role', 'areas', 'pay-frameworks', 'topic', 'status']) await visit(page, `/codes?list=${list}`);
  await page.getByLabel('List', { exact: true }).selectOption({ label: 'Roles' });
  await page.waitForURL('**/codes?list=role');
  await page.getByLabel('Find in this list').fill('cpn');
  await page.getByText('1 entry of 47').waitFor();
  assert.ok(await page.getByRole('row', { name: /Addictions nurse/ }).getByText('addictions_nurse').isVisible());
  await page.done();
});
