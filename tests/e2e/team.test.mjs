// A manager asks: who can, who cannot, and why? And the employer says what is asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, focusName, settled, signIn, tabTo, visit, widths } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

test('a manager finds who is missing something, and why, by keyboard', async () => {
  const page = await open();
  await signIn(page, 'manager', password);
  await visit(page, '/team');
  await tabTo(page, /missing/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/team?status=missing');
  await settled(page);
  assert.equal(await page.getByRole('button', { name: /missing/ }).first().getAttribute('aria-pressed'), 'true');
  await check(page, { name: 'team, missing' });

  // one stop for the table, then the arrow keys
  await tabTo(page, /: why, /);
  await tabTo(page, /^(Overdue|Expired|Due)/, { key: 'ArrowRight' });
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
  const page = await open({ width: widths.phone });
  await signIn(page, 'manager', password);
  await page.goto('/team?status=expiring');
  await settled(page);
  assert.equal(await page.getByRole('table').count(), 0);
  assert.equal(await page.getByRole('button', { name: /lapsing/ }).getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: /: why, / }).first().waitFor();
  assert.equal(await page.getByRole('button', { name: /^(?!Lapses).*: why, / }).count(), 0, 'of each person only what lapses');
  await page.getByRole('button', { name: /^Show all \d+ that are asked/ }).first().click();
  await page.getByRole('button', { name: /^Met.*: why, / }).first().waitFor();
  await check(page, { name: 'team on a phone, filtered' });
  await page.done();
});

test('a person’s page says how they stand, and why', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'employer', password);
  await page.goto('/organisation/people');
  await settled(page);
  await page.getByRole('main').getByRole('link', { name: /Isla Fraser/ }).click();
  await page.getByText('Press a status to read why.').waitFor();
  await check(page, { name: 'a person, with what is asked' });
  await tabTo(page, /: why, .*, Isla Fraser$/);
  const status = await focusName(page);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('heading', { name: 'What would meet it' }).or(page.getByRole('dialog').getByRole('heading', { name: 'What counts' })).first().waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await focusName(page), status, 'the focus is back on the status');
  await page.done();
});

test('an employer adds a requirement, and a mistake keeps what was typed', async () => {
  const page = await open();
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
  await page.getByRole('heading', { name: 'Stigma', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Change or end Stigma', exact: true }).click();
  await settled(page);
  await check(page, { name: 'change requirement' });
  await page.done();
});

test('an employer exempts somebody and ends it again; a mistake keeps what was typed', async () => {
  const page = await open();
  await signIn(page, 'employer', password);
  await page.goto('/team');
  await settled(page);
  const missing = page.getByRole('button', { name: /^(Due|Overdue|Expired).*: why, Child protection, / }).first();
  const who = (await missing.innerText()).split(': why, ').at(-1);
  await missing.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Exempt .* from this$/ }).click();
  assert.match(await focusName(page), /^Why\?/, 'the focus is in the form');
  const last = dialog.getByRole('group', { name: /^Last day/ });
  await last.getByLabel('Day').fill('31');
  await last.getByLabel('Month').fill('2');
  await last.getByLabel('Year').fill('2031');
  await dialog.getByRole('button', { name: /^Exempt/ }).click();
  await dialog.getByRole('alert').getByText('Enter a reason').waitFor();
  await dialog.getByRole('alert').getByText('31/2/2031 is not a date').waitFor();
  await check(page, { name: 'exemption refused' });
  assert.equal(await last.getByLabel('Year').inputValue(), '2031');
  await dialog.getByLabel('Why?').fill('Works with adults at the fixed site only.');
  await last.getByLabel('Month').fill('3');
  await dialog.getByRole('button', { name: /^Exempt/ }).click();
  await dialog.getByText('to 31 March 2031.').waitFor();
  await dialog.getByText('Works with adults at the fixed site only.').waitFor();
  await dialog.getByText(/^Granted by .+ on \d/).waitFor();
  await check(page, { name: 'exempt' });
  await page.keyboard.press('Escape');
  const exempt = page.getByRole('button', { name: new RegExp(`^Exempt.*: why, ${who}$`) });
  await exempt.click();
  await dialog.getByRole('button', { name: 'End this exemption' }).click();
  await check(page, { name: 'end an exemption' });
  await dialog.getByRole('button', { name: 'End it' }).click();
  await dialog.getByText('The exemption has ended.').waitFor();
  assert.equal(await focusName(page), 'Exemption');
  await page.keyboard.press('Escape');
  await exempt.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: new RegExp(`^(Due|Overdue|Expired).*: why, ${who}$`) }).waitFor();
  await page.done();
});

test('nobody is exempted from what is asked nationally, nor by a manager, and both are told so', async () => {
  const page = await open();
  await signIn(page, 'employer', password);
  await page.goto('/team');
  await settled(page);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: /: why, Harm reduction, informed level, / }).first().click();
  await dialog.getByText('Employers cannot exempt anybody from it.').waitFor();
  assert.equal(await dialog.getByRole('button', { name: /^Exempt/ }).count(), 0);
  await page.done();

  const manager = await open();
  await signIn(manager, 'manager', password);
  await manager.goto('/team');
  await settled(manager);
  await manager.getByRole('button', { name: /: why, Child protection, / }).first().click();
  await manager.getByRole('dialog').getByText('Only your employer’s training or HR lead can exempt somebody.').waitFor();
  assert.equal(await manager.getByRole('dialog').getByRole('button', { name: /^Exempt/ }).count(), 0);
  await manager.done();
});

test('curation is for curators: an administrator is not led there', async () => {
  const page = await open();
  await signIn(page, 'admin', password);
  assert.equal(await page.getByRole('link', { name: 'Curation' }).count(), 0);
  await visit(page, '/curation');
  await page.getByRole('heading', { name: 'This page is not open to you' }).waitFor();
  await page.done();
});

test('a curator asks something nationally, employers read it, and the curator ends it', async () => {
  const curator = await open();
  await signIn(curator, 'curator', password);
  await curator.goto('/curation');
  await settled(curator);
  await curator.getByRole('link', { name: 'National requirements' }).click();
  await curator.waitForURL('**/curation/requirements');
  await settled(curator);
  await check(curator, { name: 'national requirements' });
  await curator.getByRole('link', { name: 'Add a national requirement' }).click();
  await curator.waitForURL('**/curation/requirements/new');
  await settled(curator);
  await curator.getByLabel('Name', { exact: true }).fill('Rights, skilled level');
  await curator.getByText('Any module that builds a theme at a level').click();
  await curator.getByLabel('Theme', { exact: true }).selectOption('human-rights');
  await curator.getByRole('button', { name: 'Save' }).click();
  await curator.getByRole('alert').getByText('Choose a level').waitFor();
  await check(curator, { name: 'national requirement refused' });
  assert.equal(await curator.getByLabel('Theme', { exact: true }).inputValue(), 'human-rights');
  await curator.getByLabel('Level', { exact: true }).selectOption('skilled');
  await curator.getByRole('button', { name: 'Save' }).click();
  await curator.waitForURL('**/curation/requirements');
  await curator.getByText('Any module that builds “Taking a human rights-based approach” at skilled level or above.').waitFor();

  const employer = await open();
  await signIn(employer, 'employer', password);
  await visit(employer, '/team/requirements');
  const entry = employer.getByRole('listitem').filter({ has: employer.getByRole('heading', { name: 'Rights, skilled level' }) });
  await entry.getByText('Asked nationally').waitFor();
  assert.equal(await entry.getByRole('link').count(), 0, 'employers read it only');
  await employer.done();

  await curator.getByRole('link', { name: 'Change or end Rights, skilled level' }).click();
  await settled(curator);
  const today = await curator.getByRole('group', { name: /^Asked from/ }).getByRole('textbox').evaluateAll((boxes) => boxes.map((box) => box.value));
  const last = curator.getByRole('group', { name: /^Last day/ }).getByRole('textbox');
  for (const [index, part] of today.entries()) await last.nth(index).fill(part);
  await check(curator, { name: 'change a national requirement' });
  await curator.getByRole('button', { name: 'Save' }).click();
  await curator.waitForURL('**/curation/requirements');
  await curator.getByText(/Asked since .*, until /).waitFor();
  await curator.done();
});
