// Two people change the same thing at once: the second sees both versions, chooses, and loses nothing that was typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, settled, signIn } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();
const stamp = Date.now();

/** Two browsers, both signed in, both on the same form. */
async function both(who, path) {
  const pages = [await open(), await open()];
  for (const page of pages) await signIn(page, who, password);
  const at = await path(pages[0]);
  for (const page of pages) {
    await page.goto(at);
    await settled(page);
  }
  return pages;
}
const save = (page, name = 'Save') => page.getByRole('button', { name, exact: true }).click();
/** The comparison, once it has the focus. */
async function versions(page, what) {
  await page.waitForFunction(() => /^Somebody else has changed this/.test(document.activeElement?.querySelector('h2')?.textContent ?? ''));
  assert.match(await page.title(), /^Error: /);
  return page.getByRole('region', { name: `Somebody else has changed this ${what}` });
}
const first = (page, name) => page.locator('main').getByRole('link', { name }).first().getAttribute('href');

test('a service: both versions are shown, and what only they changed is taken over', async () => {
  const [one, two] = await both('employer', async (page) => {
    await page.goto('/organisation/services');
    await settled(page);
    return page.locator('main tbody a').first().getAttribute('href');
  });
  const name = (page) => page.getByLabel('Name', { exact: true });
  const was = await name(one).inputValue();
  await name(one).fill(`${was} theirs`);
  await one.getByLabel('Argyll and Bute').check({ force: true });
  await save(one);
  await one.waitForURL('**/services?saved=**');

  await name(two).fill(`${was} mine`);
  await two.getByLabel('Clackmannanshire').check({ force: true });
  await save(two);
  const box = await versions(two, 'service');
  await box.getByRole('group', { name: 'Name' }).getByText(`${was} theirs`).waitFor();
  await box.getByRole('group', { name: 'Name' }).getByText(`${was} mine`).waitFor();
  assert.equal(await box.getByRole('group', { name: 'Also serves' }).getByLabel('Yours').isChecked(), true);
  await check(two, { name: 'a service, both versions' });
  // nothing is lost by choosing, nor by a reload
  await box.getByRole('group', { name: 'Name' }).getByLabel('Theirs, saved').check({ force: true });
  assert.equal(await name(two).inputValue(), `${was} theirs`);
  await box.getByRole('group', { name: 'Name' }).getByLabel('Yours').check({ force: true });
  assert.equal(await name(two).inputValue(), `${was} mine`);
  await two.reload();
  await settled(two);
  await two.getByText('We kept what you typed here before.').waitFor();
  const again = two.getByRole('region', { name: 'Somebody else has changed this service' });
  await again.getByRole('group', { name: 'Name' }).getByText(`${was} theirs`).waitFor();
  assert.equal(await name(two).inputValue(), `${was} mine`);
  await again.getByRole('group', { name: 'Also serves' }).getByLabel('Theirs, saved').check({ force: true });
  await again.getByRole('button', { name: 'Save what is chosen' }).click();
  await two.waitForURL('**/services?saved=**');
  await two.locator('main').getByText(`${was} mine is saved.`).waitFor();
  await one.goto(two.url().replace(/\?saved=/, '/'));
  await settled(one);
  assert.equal(await one.getByLabel('Argyll and Bute').isChecked(), true);
  assert.equal(await one.getByLabel('Clackmannanshire').isChecked(), false);
  await one.done();
  await two.done();
});

test('a requirement and a person: the same, and what does not meet is saved at once', async () => {
  const [one, two] = await both('employer', async (page) => {
    await page.goto('/team/requirements');
    await settled(page);
    return first(page, /^Change or end/);
  });
  const field = (page, label) => page.getByLabel(label, { exact: true });
  // more time makes nobody overdue, so that nothing is asked back
  await field(one, 'Days to complete it').fill('95');
  await save(one);
  await one.waitForURL(/\/team\/requirements\?/);
  await field(two, 'Days to complete it').fill('96');
  await field(two, 'Name').fill(`Ours ${stamp}`);
  await save(two);
  const box = await versions(two, 'requirement');
  assert.match(await box.getByRole('group', { name: 'Days to complete it' }).innerText(), /Yours\s+96\s+Theirs, saved\s+95/);
  await check(two, { name: 'a requirement, both versions' });
  await box.getByRole('group', { name: 'Days to complete it' }).getByLabel('Theirs, saved').check({ force: true });
  await save(two);
  await two.waitForURL(/\/team\/requirements\?/);
  await two.getByRole('heading', { name: `Ours ${stamp}` }).waitFor();

  await two.goto('/organisation/people');
  await settled(two);
  const person = await two.locator('main tbody a').first().getAttribute('href');
  for (const page of [one, two]) {
    await page.goto(person);
    await settled(page);
    await page.getByText('Change the name or the address').click();
  }
  await field(one, 'First name').fill('Ishbel');
  await save(one);
  await one.getByRole('heading', { level: 1, name: /^Ishbel/ }).waitFor();
  await field(two, 'First name').fill('Isobel');
  await save(two);
  const names = await versions(two, 'person');
  assert.match(await names.getByRole('group', { name: 'First name' }).innerText(), /Isobel[\s\S]+Ishbel/);
  await check(two, { name: 'a person, both versions' });
  await save(two, 'Save what is chosen');
  await two.getByRole('heading', { level: 1, name: /^Isobel/ }).waitFor();
  // first saved the post's reference, then its dates: they do not meet
  await one.goto('/organisation/posts');
  await settled(one);
  const post = await one.locator('main a[href*="/posts/"]:not([href*="new"])').first().getAttribute('href');
  for (const page of [one, two]) {
    await page.goto(post);
    await settled(page);
  }
  await one.getByText('Reference and dates').click();
  await field(one, 'Reference').fill(`R-${stamp}`);
  await save(one);
  await one.locator('main').getByText('Reference and dates are saved.').waitFor();
  await two.getByText('Change what is funded').click();
  await field(two, 'WTE funded').fill('2.5');
  await two.getByRole('group', { name: /^From/ }).getByRole('button', { name: 'Today' }).click();
  await save(two, 'Save what is funded');
  await two.locator('main').getByText('What is funded is saved.').waitFor();
  await one.done();
  await two.done();
});

test('an organisation and an item: the administrator’s and the curator’s forms do the same', async () => {
  const [one, two] = await both('admin', async (page) => {
    await page.goto('/administration/organisations');
    await settled(page);
    return page.locator('main tbody a').first().getAttribute('href');
  });
  const name = (page) => page.getByLabel('Name', { exact: true });
  const was = await name(one).inputValue();
  await name(one).fill(`${was} Theirs`);
  await save(one);
  await one.waitForURL('**/administration/organisations');
  await name(two).fill(`${was} Mine`);
  await save(two);
  const box = await versions(two, 'organisation');
  assert.match(await box.getByRole('group', { name: 'Name' }).innerText(), /Mine[\s\S]+Theirs/);
  await check(two, { name: 'an organisation, both versions' });
  await save(two, 'Save what is chosen');
  await two.waitForURL('**/administration/organisations');
  await one.done();
  await two.done();

  const [three, four] = await both('curator', async (page) => {
    await page.goto('/curation/items');
    await settled(page);
    return `${await page.locator('main a[href^="/find/"]').first().getAttribute('href')}/edit`;
  });
  const title = (page) => page.getByLabel('Title', { exact: true });
  const stood = await title(three).inputValue();
  await title(three).fill(`${stood}, theirs`);
  await save(three);
  await three.waitForURL(/\/find\/[0-9a-f-]+$/);
  await title(four).fill(`${stood}, mine`);
  await save(four);
  const item = await versions(four, 'item');
  await item.getByRole('group', { name: 'Title' }).getByText(`${stood}, theirs`).waitFor();
  await check(four, { name: 'an item, both versions' });
  await save(four, 'Save what is chosen');
  await four.getByRole('heading', { level: 1, name: `${stood}, mine` }).waitFor();
  await three.done();
  await four.done();
});

test('an appointment: a correction and an end meet another correction', async () => {
  const [one, two] = await both('employer', async (page) => {
    await page.goto('/organisation/people');
    await settled(page);
    await page.goto(await page.locator('main tbody a').nth(2).getAttribute('href')); // the second is yet to start
    await settled(page);
    return first(page, /^Correct/);
  });
  const hours = (page) => page.getByLabel('Contracted hours a week');
  await hours(one).fill('20');
  await save(one);
  await one.waitForURL(/\/people\/[0-9a-f-]+$/);
  await hours(two).fill('21');
  await save(two);
  const box = await versions(two, 'appointment');
  assert.match(await box.getByRole('group', { name: 'Contracted hours a week' }).innerText(), /Yours\s+21\s+Theirs, saved\s+20/);
  await check(two, { name: 'an appointment, both versions' });
  await save(two, 'Save what is chosen');
  await two.waitForURL(/\/people\/[0-9a-f-]+$/);
  await two.locator('main').getByText('21 hours a week').first().waitFor();
  // what was opened before it was changed: an end is saved on what stands now, an old address says where to look
  await settled(one);
  const old = await first(one, /^Correct/);
  await one.goto(`${await first(two, /^Correct/)}/end`);
  await settled(one);
  await two.goto(await first(two, /^Correct/));
  await settled(two);
  await hours(two).fill('22');
  await save(two);
  await two.waitForURL(/\/people\/[0-9a-f-]+$/);
  await one.getByRole('group', { name: /^Last day in post/ }).getByRole('button', { name: 'Today' }).click();
  await one.getByLabel('Another job').check({ force: true });
  await save(one, 'End the appointment');
  await one.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await one.waitForURL(/\/people\/[0-9a-f-]+$/);
  await one.locator('main').getByText('22 hours a week').first().waitFor();
  await one.goto(old);
  await settled(one);
  await one.getByRole('heading', { level: 1, name: 'This appointment has been changed since' }).waitFor();
  await check(one, { name: 'an old address of an appointment' });
  await one.done();
  await two.done();
});
