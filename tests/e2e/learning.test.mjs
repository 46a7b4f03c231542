// From the search box to a recorded completion on a phone; what counts until when; the manager's word.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, settled, signIn, visit, widths } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

const posing = { mimeType: 'application/pdf', buffer: Buffer.from('MZ this is no certificate') };
const certificate = { name: 'naloxone certificate.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n') };

test('search, record with evidence, and see it in My learning', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'staff', password);
  await page.getByRole('region', { name: 'New for your role and area' }).getByRole('link').first().waitFor();
  await check(page, { name: 'start page, staff' });
  await page.goto('/find?q=naloxone&kind=module');
  await settled(page);
  await page.getByRole('main').getByRole('link', { name: /naloxone/i }).first().click();
  await page.getByRole('link', { name: 'Record completion' }).click();
  await settled(page);
  await check(page, { name: 'record completion' });

  // Mistakes keep what was typed and say what to do.
  const day = page.getByRole('group', { name: /^When did you finish/ }).getByRole('textbox');
  for (const [index, part] of ['31', '2', '2026'].entries()) await day.nth(index).fill(part);
  await page.getByRole('button', { name: 'Record completion' }).click();
  await page.getByRole('alert').getByText('31/2/2026 is not a date.').waitFor();
  for (const index of [0, 1, 2]) await day.nth(index).fill('');
  await page.getByRole('button', { name: 'Record completion' }).click();
  await page.getByRole('alert').getByText('Enter the day on which you finished').waitFor();
  await check(page, { name: 'record completion, refused' });
  await page.getByLabel('Note').fill('<b>At work</b>');
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByLabel('Evidence').setInputFiles({ ...posing, name: 'certificate.pdf' });
  await page.getByRole('button', { name: 'Record completion' }).click();
  await page.getByRole('alert').getByText('something else inside').waitFor();
  assert.equal(await page.getByLabel('Note').inputValue(), '<b>At work</b>');
  await page.getByRole('button', { name: 'Remove certificate.pdf' }).click();
  await page.getByLabel('Evidence').setInputFiles(certificate);
  await page.getByRole('button', { name: 'Record completion' }).click();

  await page.getByText(/Recorded\. (You hold this|.* has to confirm it before it counts for)/).waitFor();
  await settled(page);
  await check(page, { name: 'completion recorded' });
  assert.equal(await page.getByText('<b>At work</b>').count(), 1, 'a note is text');
  await page.getByText('Evidence attached').first().waitFor();
  const title = await page.getByRole('heading', { level: 1 }).innerText();

  const asked = [];
  page.on('request', (request) => void (request.url().includes('/api/learning/') && asked.push(request.url())));
  await page.goto('/find?q=naloxone&kind=module');
  await page.getByRole('article').filter({ has: page.getByRole('link', { name: title, exact: true }) }).getByText(/^(You hold this|Waiting for confirmation since)/).waitFor();
  assert.equal(asked.length, 1, 'one question for the whole page of results');

  await page.goto('/learning');
  await page.getByRole('link', { name: title, exact: true }).first().waitFor();
  await visit(page, '/learning');
  await page.getByText('Everything you have recorded').click();
  await page.getByRole('link', { name: title, exact: true }).nth(1).waitFor();
  await page.done();
});

test('a session that ends while recording loses nothing', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'staff', password);
  await page.goto('/learning');
  await page.getByRole('link', { name: /^Record that you have/ }).first().click();
  await page.getByLabel('Note').fill('With the Fife team');
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByLabel('Evidence').setInputFiles(certificate);
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Record completion' }).click();
  await page.getByLabel('Email address').fill('staff@example.org');
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('We kept what you typed here before').waitFor();
  await check(page, { name: 'record completion, after signing in again' });
  assert.equal(await page.getByRole('textbox', { name: /^Note/ }).inputValue(), 'With the Fife team');
  assert.notEqual(await page.getByLabel('Day').inputValue(), '');
  await page.getByRole('button', { name: `Remove ${certificate.name}` }).waitFor();
  await page.done();
});

test('recording the same twice leads to the first; withdrawing asks once', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'staff', password);
  await page.goto('/learning');
  await page.getByRole('link', { name: /^Record that you have/ }).first().click();
  const record = async () => {
    await page.getByRole('button', { name: 'Today' }).click();
    await page.getByRole('button', { name: 'Record completion' }).click();
  };
  const form = page.url();
  await record();
  await page.getByText(/Recorded\. (You hold this|.* has to confirm it before it counts for)/).waitFor();
  await page.goto(form);
  await record();
  await page.getByText(/^You have already recorded this for/).first().waitFor();
  await page.getByRole('link', { name: 'Open the completion that is there' }).click();
  await page.getByRole('button', { name: 'Withdraw this completion' }).click();
  await check(page, { name: 'withdraw, asked' });
  await page.getByRole('button', { name: 'Withdraw it' }).click();
  await page.getByText('You have withdrawn this').waitFor();
  await page.done();
});

test('a manager confirms several at once, with the keyboard', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'employer', password);
  await page.goto('/team/confirm');
  await settled(page);
  const boxes = page.getByRole('checkbox', { name: /^Confirm together with others/ });
  await boxes.first().waitFor();
  const before = await boxes.count();
  assert.ok(before >= 4, 'the demo has several that wait for the employer');
  await boxes.nth(0).focus();
  await page.keyboard.press('Space');
  await boxes.nth(1).focus();
  await page.keyboard.press('Space');
  await check(page, { name: 'several ticked' });
  await page.getByRole('button', { name: 'Confirm 2 completions' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('2 completions confirmed.').first().waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === 'Waiting for your word');
  assert.equal(await boxes.count(), before - 2);
  await check(page, { name: 'several confirmed' });
  await page.done();
});

test('a manager confirms one and rejects another with a reason', async () => {
  const page = await open();
  await signIn(page, 'manager', password);
  await visit(page, '/team/confirm');
  const cards = page.getByRole('main').locator('ul > li').filter({ has: page.getByRole('heading', { level: 3 }) });
  const before = await cards.count();
  assert.ok(before >= 2, 'the demo team has recorded things');
  await cards.first().getByRole('button', { name: /^Confirm/ }).click();
  await page.getByText(/is confirmed\.$/).first().waitFor();
  await cards.first().getByRole('button', { name: /^Reject/ }).click();
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Reject'));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Reject with this reason' }).click();
  await page.getByRole('alert').getByText(/^Say why/).waitFor();
  await check(page, { name: 'rejecting, refused' });
  await page.getByLabel('Why do you reject it?').fill('The certificate is for another course.');
  await page.getByRole('button', { name: 'Reject with this reason' }).click();
  await page.getByText(/is not accepted\.$/).first().waitFor();
  assert.equal(await cards.count(), before - 2);
  await page.done();
});

test('learning outside of the catalogue is recorded, equated, told, and taken back', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'staff', password);
  await visit(page, '/learning');
  await page.getByRole('paragraph').filter({ hasText: /^Study day: outreach in the winter$/ }).waitFor();
  await page.getByText(/^Equated with “.*” by .* on /).waitFor();
  await page.getByRole('link', { name: 'Record it here' }).click();
  await settled(page);
  await check(page, { name: 'learning outside of the catalogue' });
  await page.getByRole('button', { name: 'Record it' }).click();
  await page.getByRole('alert').getByText('Choose who may see it').waitFor();
  await page.getByLabel('What was it?').fill('Wound care with our own nurse');
  await page.getByLabel('Who gave it?').fill('Our own nurse');
  await page.getByLabel(/^How many hours/).fill('a day');
  const day = page.getByRole('group', { name: /^When did you finish/ }).getByRole('textbox');
  for (const [index, part] of ['14', '3', '2023'].entries()) await day.nth(index).fill(part);
  await page.getByText('Yes, so that they can equate it with an item').click();
  await page.getByLabel('Evidence').setInputFiles(certificate);
  await page.getByRole('button', { name: 'Record it' }).click();
  await page.getByRole('alert').getByText(/^Enter hours as a number/).waitFor();
  await check(page, { name: 'learning outside of the catalogue, refused' });
  await page.getByLabel(/^How many hours/).fill('6.5');
  await page.getByRole('button', { name: 'Record it' }).click();
  await page.getByText('It is on your record, and counts for nothing that is asked').waitFor();
  const mine = page.getByRole('listitem').filter({ hasText: 'Wound care with our own nurse' });
  await mine.getByText('Our own nurse, finished 14 March 2023, 6 hours 30 minutes').waitFor();
  await mine.getByText(/^Counts for nothing that is asked until somebody equates it with an item\. Your employers can see it since/).waitFor();
  await check(page, { name: 'my learning, recorded outside' });

  const manager = await open();
  await signIn(manager, 'manager', password);
  await visit(manager, '/team/confirm');
  const asked = manager.getByRole('listitem').filter({ has: manager.getByRole('heading', { level: 3, name: 'Wound care with our own nurse' }) });
  await asked.getByRole('button', { name: /^Equate with an item/ }).click();
  await asked.getByRole('button', { name: 'Equate it' }).click();
  await asked.getByRole('alert').getByText('Choose the item with which you equate it').waitFor();
  await asked.getByLabel('Find another item').fill('wound');
  await asked.getByRole('list', { name: 'Items found' }).getByRole('button').first().click();
  await check(manager, { name: 'equating' });
  await asked.getByRole('button', { name: 'Equate it' }).click();
  await manager.getByText(/^“Wound care with our own nurse” of Isla Fraser is equated with “/).first().waitFor();
  await check(manager, { name: 'equated' });

  await visit(page, '/');
  await page.getByRole('heading', { name: 'Equated' }).waitFor();
  await page.getByText(/Callum Reid, .* equated this with/).waitFor();
  await manager.getByRole('button', { name: 'Undo' }).click();
  await manager.getByText('Undone. Everything is as it was.').waitFor();
  await page.goto('/learning');
  await page.getByText(/and took that back on/).first().waitFor();
  await mine.getByText(/^Counts for nothing that is asked/).waitFor();
  await mine.getByRole('button', { name: /^Withdraw/ }).click();
  await page.getByRole('button', { name: 'Withdraw it' }).click();
  await mine.waitFor({ state: 'detached' });
  await manager.done();
  await page.done();
});

test('somebody reads what was not accepted and lays it aside', async () => {
  const page = await open();
  await signIn(page, 'staff', password);
  await visit(page, '/');
  await page.getByRole('heading', { name: 'Not accepted' }).waitFor();
  await page.getByText('“The certificate is of another course. Please attach the right one.”').waitFor();
  // the one of the demo, and what the manager rejected above
  const asides = page.getByRole('button', { name: /^Lay this aside/ });
  for (let left = (await asides.count()) - 1; left >= 0; left -= 1) {
    await asides.first().click();
    await page.waitForFunction((count) => [...document.querySelectorAll('button')].filter((one) => one.textContent?.startsWith('Lay this aside')).length === count, left);
  }
  await page.getByRole('heading', { name: 'Not accepted' }).waitFor({ state: 'detached' });
  await page.done();
});
