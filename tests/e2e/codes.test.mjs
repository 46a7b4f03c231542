// Somebody who prepares a spreadsheet looks up a code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from './browser.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

test('a code is found by a name that people use', async () => {
  const page = await open();
  for (const list of ['role', 'areas', 'pay-frameworks', 'topic', 'status']) await visit(page, `/codes?list=${list}`);
  await page.getByLabel('List', { exact: true }).selectOption({ label: 'Roles' });
  await page.waitForURL('**/codes?list=role');
  await page.getByLabel('Find in this list').fill('cpn');
  await page.getByText('1 entry of 47').waitFor();
  assert.ok(await page.getByRole('row', { name: /Addictions nurse/ }).getByText('addictions_nurse').isVisible());
  await page.done();
});
