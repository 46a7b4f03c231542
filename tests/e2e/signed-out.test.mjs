// Somebody who has never been here: the start page, signing in, and what happens when that goes wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, focusName, settled, signIn, tabTo, visit, widths } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

test('the start page says what this is and leads on', async () => {
  const page = await open();
  await visit(page, '/');
  assert.equal(await page.getByRole('list', { name: 'Many people look for' }).getByRole('link').count(), 6);
  for (const path of ['/about', '/accessibility', '/privacy', '/sign-in', '/no-such-page']) await visit(page, path);
  await page.done();
});

test('search from the start page opens the results', async () => {
  const page = await open({ width: widths.phone });
  await page.goto('/');
  await page.getByLabel('What do you want to learn, or find?').fill('naloxone');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/find?q=naloxone');
  await page.done();
});

test('suggestions by keyboard: walk, put away, open; none is no obstacle', async () => {
  const page = await open({ width: widths.phone });
  await page.goto('/');
  await settled(page);
  await tabTo(page, 'What do you want to learn, or find?');
  const box = page.getByRole('combobox', { name: 'What do you want to learn, or find?' });
  const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
  await page.keyboard.type('naloxone');
  await options.filter({ hasText: 'Topic' }).first().waitFor();
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  await page.getByRole('status').filter({ hasText: /^\d suggestions?\. Use the up and down arrow keys/ }).waitFor();
  await check(page, { name: 'suggestions' });

  await page.keyboard.press('ArrowDown');
  const active = () => box.getAttribute('aria-activedescendant');
  assert.equal(await active(), await options.first().getAttribute('id'));
  assert.equal(await options.first().getAttribute('aria-selected'), 'true');
  await check(page, { name: 'suggestions, one chosen' });
  await page.keyboard.press('Escape');
  await options.first().waitFor({ state: 'hidden' });
  assert.equal(await box.inputValue(), 'naloxone', 'what was typed is kept');
  await page.keyboard.press('ArrowUp');
  assert.equal(await active(), await options.last().getAttribute('id'), 'up goes to the last');
  await page.keyboard.press('Tab');
  assert.equal(await focusName(page), 'Search');
  assert.equal(await options.count(), 0, 'Tab leaves the list');

  // a topic: its results, with the filter set
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowDown');
  while (!(await page.locator('[role=option][aria-selected=true]').innerText()).includes('Topic')) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/find?topic=naloxone-overdose');
  await page.getByRole('button', { name: 'Remove Naloxone and overdose' }).waitFor();

  // a title: its page
  await page.goBack();
  await box.fill('naloxone');
  await options.first().waitFor();
  await page.keyboard.press('ArrowDown');
  const title = await options.first().locator('span').first().innerText();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: title }).waitFor();

  // suggestions out of reach: searching still works
  await page.route('**/api/catalogue/suggest*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"title":"Search is out of reach","status":503,"code":"search_unavailable"}' }));
  await page.goto('/about');
  const refused = page.waitForResponse('**/api/catalogue/suggest*');
  await page.getByLabel('Search training and resources').fill('naloxone');
  await refused;
  assert.equal(await page.getByRole('option').count(), 0);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/find?q=naloxone');
  await page.done();
});

test('navigation moves the focus to the heading, and back to the link', async () => {
  const page = await open();
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
  const page = await open();
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
  const page = await open();
  await page.goto('/sign-in?return=%2Fabout');
  await page.getByLabel('Email address').fill('planner@example.org');
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/about');
  await page.done();
});

test('every demo account has a start page, and can sign out', async () => {
  for (const who of ['staff', 'manager', 'employer', 'provider', 'adp', 'planner', 'curator', 'admin']) {
    const page = await open();
    await signIn(page, who, password);
    await check(page, { name: `home, ${who}` });
    await page.getByRole('button', { name: 'Your account' }).click();
    await check(page, { name: `account menu, ${who}` });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
    await page.done();
  }
});
