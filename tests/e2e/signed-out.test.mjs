// Somebody who has never been here: the start page, signing in, and what happens when that goes wrong.
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

test('the start page says what this is and leads on', async () => {
  const page = await openPage(browser, cairn.url);
  await visit(page, '/');
  assert.equal(await page.getByRole('list', { name: 'Many people look for' }).getByRole('link').count(), 6);
  for (const path of ['/about', '/accessibility', '/sign-in', '/no-such-page']) await visit(page, path);
  await page.done();
});

test('search from the start page opens the results', async () => {
  const page = await openPage(browser, cairn.url, { width: widths.phone });
  await page.goto('/');
  await page.getByLabel('What do you want to learn, or find?').fill('naloxone');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/find?q=naloxone');
  await page.done();
});

test('navigation moves the focus to the heading, and back to the link', async () => {
  const page = await openPage(browser, cairn.url);
  await page.goto('/');
  await settled(page);
  const link = page.getByRole('link', { name: 'Accessibility statement' });
  await link.click();
  await page.waitForURL('**/accessibility');
  await settled(page);
  assert.equal(await focusName(page), 'Accessibility statement');
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
  await page.goBack();
  await page.waitForFunction(() => document.activeElement?.getAttribute('href') === '/accessibility');
  await page.done();
});

test('signing in with the keyboard alone, after a mistake', async () => {
  const page = await openPage(browser, cairn.url);
  await page.goto('/');
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await focusName(page), 'Skip to main content');
  await tabTo(page, 'Sign in');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/sign-in');
  await tabTo(page, 'Email address');
  await page.keyboard.type('staff@example.org');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  const summary = page.getByRole('alert');
  await summary.waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'alert');
  await check(page, { name: 'sign-in refused' });
  assert.equal(await page.getByLabel('Email address').inputValue(), 'staff@example.org', 'what was typed is kept');

  await tabTo(page, 'Password');
  await page.keyboard.press('Control+A');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');
  await settled(page);
  await check(page, { name: 'home, staff' });
  await page.done();
});

test('a page for signed-in people comes back after signing in', async () => {
  const page = await openPage(browser, cairn.url);
  await page.goto('/sign-in?return=%2Fabout');
  await page.getByLabel('Email address').fill('planner@example.org');
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/about');
  await page.done();
});

test('every demo account has a start page, and can sign out', async () => {
  for (const who of ['staff', 'manager', 'employer', 'provider', 'adp', 'planner', 'curator', 'admin']) {
    const page = await openPage(browser, cairn.url);
    await signIn(page, who, password);
    await check(page, { name: `home, ${who}` });
    await page.getByRole('button', { name: 'Your account' }).click();
    await check(page, { name: `account menu, ${who}` });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
    await page.done();
  }
});
