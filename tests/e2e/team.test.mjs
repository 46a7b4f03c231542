// A manager asks: who can, who cannot, and why? And the employer says what is asked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { check, focusName, launch, openPage, settled, signIn, tabTo, visit, widths } from './browser.mjs';
import { password, startCairn } from './cairn.mjs';

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

test('a manager finds who is missing something, and why, by keyboard', async () => {
  const page = await openPage(browser, cairn.url);
  await signIn(page, 'manager', password);
  await visit(page, '/team');
  await tabTo(page, /missing/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/team?status=missing');
  await settled(page);
  assert.equal(await page.getByRole('button', { name: /missing/ }).first().getAttribute('aria-pressed'), 'true');
  await check(page, { name: 'team, missing' });

  await tabTo(page, /^(Overdue|Expired|Due)/);
  const cell = await focusName(page);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'What is asked' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await focusName(page), cell, 'the focus is back on the cell');
  await page.keyboard.press('Enter');
  await dialog.getByRole('heading', { name: 'What is asked' }).waitFor();
  await check(page, { name: 'team, explanation' });
  await page.done();
});

test('on a phone the team is a list, and the filters are in the address', async () => {
  const page = await openPage(browser, cairn.url, { width: widths.phone });
  await signIn(page, 'manager', password);
  await page.goto('/team?status=expiring');
  await settled(page);
  assert.equal(await page.getByRole('table').count(), 0);
  assert.equal(await page.getByRole('button', { name: /lapsing/ }).getAttribute('aria-pressed'), 'true');
  await page.done();
});

test('an employer adds a requirement, and a mistake keeps what was typed', async () => {
  const page = await openPage(browser, cairn.url);
  await signIn(page, 'employer', password);
  await visit(page, '/team/requirements');
  await page.getByRole('link', { name: 'Add a requirement' }).click();
  await page.waitForURL('**/team/requirements/new**');
  await settled(page);
  await page.getByLabel('Name', { exact: true }).fill('Stigma');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('Choose at least one module').waitFor();
  await check(page, { name: 'new requirement refused' });
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Stigma');
  await page.getByLabel('Which modules meet it?').fill('stigma');
  await page.getByRole('list', { name: 'Modules found' }).getByRole('button').first().click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/\/team\/requirements\?/);
  await page.getByRole('heading', { name: 'Stigma' }).waitFor();
  await page.getByRole('link', { name: 'Change Stigma' }).click();
  await settled(page);
  await check(page, { name: 'change requirement' });
  await page.done();
});
