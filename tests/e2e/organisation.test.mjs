// An employer keeps the workforce: a service, a post, a person in it; the vacancy shrinks. A manager only reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, settled, signIn, tabTo, visit } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

const main = (page) => page.locator('main');
const fact = (page, name) => main(page).locator('.ds_summary-list__item', { hasText: name }).locator('dd').first();

/** Fill the three boxes of a date. */
async function fillDate(page, label, [day, month, year]) {
  const group = page.getByRole('group', { name: new RegExp(`^${label}`) });
  await group.getByLabel('Day').fill(day);
  await group.getByLabel('Month').fill(month);
  await group.getByLabel('Year').fill(year);
}

// A server that is used twice still has the person of the last run.
const stamp = Date.now();
const given = `Journey ${stamp} 🪨`;

test('an employer adds a service, a post and a person, and the vacancy shrinks', async () => {
  const page = await open();
  await signIn(page, 'employer', password);
  await visit(page, '/organisation');

  await page.getByRole('link', { name: 'Services', exact: true }).click();
  await page.waitForURL('**/organisation/services');
  await settled(page);
  await check(page);
  await page.getByRole('link', { name: 'Add a service' }).click();
  await page.waitForURL('**/services/new');
  await settled(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'alert');
  await check(page, { name: 'add a service, refused' });
  const service = `Journey team ${stamp}`;
  await page.getByLabel('Name', { exact: true }).fill(service);
  await page.getByLabel('Type of service').selectOption({ label: 'Assertive outreach' });
  await page.getByLabel('Base').selectOption({ label: 'Fife' });
  await fillDate(page, 'When did it open', ['1', '4', '2024']);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL('**/organisation/services?saved=**');
  await main(page).getByRole('link', { name: service, exact: true }).waitFor();
  await main(page).getByText(`${service} is saved.`).waitFor();
  await check(page, { name: 'a saved service' });

  await page.getByRole('link', { name: 'Add its posts' }).click();
  await page.waitForURL('**/posts/new**');
  await settled(page);
  assert.equal(await page.getByLabel('Service', { exact: true }).locator('option:checked').innerText(), service, 'it is chosen already');
  await check(page);
  await page.getByLabel('Role', { exact: true }).selectOption('recovery_worker');
  await page.getByLabel('WTE funded').fill('60');
  await fillDate(page, 'From when does the post exist', ['1', 'apr', '2024']);
  await page.getByRole('button', { name: 'Add post' }).click();
  await page.getByRole('group', { name: /60 WTE is a great deal/ }).getByLabel('Yes, that is right').waitFor();
  await check(page, { name: 'asked back' });
  await page.getByLabel('WTE funded').fill('2');
  await page.getByRole('button', { name: 'Add post' }).click();
  await page.waitForURL(/\/posts\/[0-9a-f-]{36}/);
  await settled(page);
  assert.match(await fact(page, 'Vacant').innerText(), /^2\.0 WTE, some of it since 1 April 2024/);
  await main(page).getByText('is added.').waitFor();
  await check(page, { name: 'a post' });

  // what it is changes from a day on: asked for apart from a mistake
  await page.getByText('Change the role, kind or pay framework', { exact: true }).click();
  await main(page).getByLabel('Role', { exact: true }).selectOption('senior_recovery_worker');
  await page.getByRole('button', { name: 'Save the change' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'alert');
  await page.getByText('It changed on a day', { exact: true }).click();
  await fillDate(page, 'It changed on', ['1', '4', '2025']);
  await check(page, { name: 'a post, changed on a day' });
  await page.getByRole('button', { name: 'Save the change' }).click();
  await main(page).getByText('From 1 April 2025: Senior recovery worker').waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('main') !== null && /The change is saved/.test(document.activeElement.textContent ?? ''));
  await check(page, { name: 'a post with a history' });

  await page.getByRole('link', { name: 'Add a person to this post' }).click();
  await page.waitForURL('**/people/new**');
  await page.getByLabel('First name').fill(given);
  await page.getByLabel('Family name').fill('Mac‏Kay');
  await fillDate(page, 'First day in post', ['6', '3', '2024']);
  await page.getByLabel('Contracted hours a week').fill('full time');
  await page.getByRole('button', { name: 'Add person' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'alert');
  await check(page, { name: 'add a person, refused' });
  assert.equal(await page.getByLabel('First name').inputValue(), given, 'what was typed is kept');
  await page.getByLabel('Contracted hours a week').fill('37:00');
  await page.getByRole('button', { name: 'Add person' }).click();
  // neither the post nor its service was open by then: asked back, and here it was a slip
  await page.getByRole('alert').getByText('Was it open earlier? The post and its service open on 6 March 2024 then.').waitFor();
  await page.getByRole('button', { name: 'Yes, that is right' }).waitFor();
  await check(page, { name: 'add a person, asked back' });
  await fillDate(page, 'First day in post', ['6', '5', '2024']);
  await page.getByRole('button', { name: 'Add person' }).click();
  await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
  await settled(page);
  await main(page).getByText('is added.').waitFor();
  await check(page, { name: 'a person' });
  await page.getByRole('list', { name: 'In post' }).getByText('since 6 May 2024', { exact: true }).waitFor();
  const person = page.url();

  await visit(page, '/organisation/posts');
  await page.getByLabel('Service', { exact: true }).selectOption({ label: service });
  const row = page.getByRole('table', { name: `Posts of ${service}` }).getByRole('row').nth(1);
  await row.getByRole('cell', { name: '1.0', exact: true }).first().waitFor();
  await check(page, { name: 'posts of one service' });

  // ending it, by keyboard alone
  await page.goto(person);
  await settled(page);
  await tabTo(page, /^End /);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/end');
  await settled(page);
  await check(page, { name: 'end an appointment' });
  await tabTo(page, 'Day');
  await page.keyboard.type('30');
  await tabTo(page, 'Month');
  await page.keyboard.type('6');
  await tabTo(page, 'Year');
  await page.keyboard.type('2024');
  await tabTo(page, /^Moved to another post/);
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'End the appointment');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await check(page, { name: 'end, asked once more' });
  await page.getByRole('button', { name: 'End it' }).click();
  await page.waitForURL((url) => url.href.split('?')[0] === person.split('?')[0]);
  await settled(page);
  await page.getByRole('list', { name: 'Before' }).getByText('6 May 2024 to 30 June 2024', { exact: true }).waitFor();

  await visit(page, '/organisation/people');
  await page.getByLabel('Find a name').fill(`journey ${stamp}`);
  await page.getByText('Nobody found').waitFor();
  await main(page).getByText('Were here', { exact: true }).click();
  await main(page).getByRole('link', { name: new RegExp(`Journey ${stamp}`) }).waitFor();
  assert.match(page.url(), /presence=former/);

  await visit(page, '/organisation');
  await page.getByRole('button', { name: 'These are right today' }).click();
  await page.getByText('were confirmed today').waitFor();
  await page.waitForFunction(() => /confirmed today/.test(document.activeElement?.textContent ?? '') && document.activeElement !== document.body);
  await page.done();
});

test('a manager sees the own services, and nothing to change', async () => {
  const page = await open();
  await signIn(page, 'manager', password);
  for (const path of ['/organisation', '/organisation/services', '/organisation/posts', '/organisation/people']) {
    await visit(page, path);
    assert.equal(await main(page).getByRole('link', { name: /^Add / }).count(), 0, path);
  }
  await main(page).locator('tbody').getByRole('link').first().click();
  await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
  await settled(page);
  await check(page, { name: 'a person, for a manager' });
  assert.equal(await main(page).getByRole('link', { name: /^(End|Correct)/ }).count(), 0);
  await page.done();
});

test('a person reads who has seen their record', async () => {
  const page = await open();
  await signIn(page, 'staff', password);
  await visit(page, '/account/access');
  await page.done();
});

test('an employer reads what it relied on of somebody who has left', async () => {
  const page = await open();
  await signIn(page, 'employer', password);
  await visit(page, '/organisation/people');
  await main(page).getByText('Were here', { exact: true }).click();
  await main(page).getByRole('link', { name: /MacRae/ }).click();
  await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
  await main(page).getByRole('heading', { name: /^What you relied on until \d+ \w+ \d{4}$/ }).waitFor();
  await main(page).getByText('It stays as it is, whatever is changed afterwards.').waitFor();
  await check(page, { name: 'somebody who has left' });
  await page.done();
});
