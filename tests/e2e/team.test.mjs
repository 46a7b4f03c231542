// A manager asks: who can, who cannot, and why? And the employer says what is asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, focusName, settled, signIn, tabTo, visit, widths } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

/** How many people a number of the team's page says, and the ones that the heading of the list says. */
const told = async (page, name) => Number((await page.getByRole('button', { name }).first().innerText()).match(/^\d+/)[0]);
const listed = async (page) => Number((await page.getByRole('heading', { name: /^\d+ (person|people)/ }).innerText()).match(/^\d+/)[0]);
const live = (page) => page.locator('.visually-hidden[role="status"]').first();

test('my team says first how many people hold everything; each number leads to these people, by keyboard', async () => {
  const page = await open();
  await signIn(page, 'manager', password);
  await visit(page, '/team');
  await page.getByRole('button', { name: /^\d+ of \d+ people hold everything that is asked of them/ }).waitFor();
  for (const [name, status] of [[/^\d+ of \d+/, 'complete'], [/overdue or expired/, 'late'], [/due or lapsing/, 'soon'], [/waiting for confirmation/, 'waiting']]) {
    const count = await told(page, name);
    await page.getByRole('button', { name }).first().click();
    await page.waitForURL(`**/team?status=${status}`);
    await settled(page);
    if (count === 0) await page.getByText('Nobody fits').waitFor();
    assert.equal(await listed(page), count, status);
  }
  await page.goto('/team');
  await settled(page);
  await tabTo(page, /overdue or expired/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/team?status=late');
  await settled(page);
  assert.equal(await page.getByRole('button', { name: /overdue or expired/ }).first().getAttribute('aria-pressed'), 'true');
  assert.match(await focusName(page), /overdue or expired/, 'the focus stays where it was');
  await check(page, { name: 'team, late' });

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
  await page.keyboard.press('Escape');
  await page.goBack();
  await page.waitForURL('**/team');
  await settled(page);
  assert.equal(await page.getByRole('button', { name: /overdue or expired/ }).first().getAttribute('aria-pressed'), 'false', 'Back takes the filter away');
  await page.done();
});

test('people are found by name, service and status together; nobody found offers to clear', async () => {
  const page = await open();
  await signIn(page, 'employer', password);
  await page.goto('/team');
  await settled(page);
  const all = await listed(page);
  await page.getByLabel('Find a name').fill('FRASER');
  await page.waitForURL('**/team?q=FRASER');
  await page.getByRole('heading', { name: '1 person called “FRASER”' }).waitFor();
  assert.match(await live(page).innerText(), /^1 person called “FRASER” found/);
  assert.match(await focusName(page), /^Find a name/);
  const service = await page.getByLabel('Service', { exact: true }).locator('option').filter({ hasText: 'Recovery hub' }).getAttribute('value');
  await page.getByLabel('Service', { exact: true }).selectOption(service);
  await page.getByText('Nobody fits').waitFor();
  await check(page, { name: 'team, nobody found' });
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel('Find a name').inputValue(), 'FRASER', 'the address holds the filters');
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.waitForURL(/\/team$/);
  await page.getByRole('heading', { name: `${all} people`, exact: true }).waitFor();
  assert.match(await focusName(page), /^\d+ people$/, 'the focus is on the people');
  await page.getByLabel('Status', { exact: true }).selectOption('missing');
  await page.waitForURL('**/team?status=missing');
  await page.goto('/team?service=01900000-0000-7000-8000-000000000000');
  await page.getByRole('button', { name: 'Show everybody, as at today' }).click();
  await page.getByRole('heading', { name: `${all} people`, exact: true }).waitFor();
  await page.done();
});

for (const [kind, width] of Object.entries(widths)) {
  test(`a later day shows who has left and who has started by then (${kind})`, async () => {
    const page = await open({ width });
    await signIn(page, 'manager', password);
    await page.goto('/team');
    await settled(page);
    await page.getByText(/^Leaves on \d+ \w+ \d{4}\.$/).waitFor();
    assert.equal(await page.getByText('Catriona Beaton').count(), 0);
    await page.getByText('Look at a later day').click();
    await page.getByRole('button', { name: 'Show this day' }).click();
    await page.getByText('Enter the day that you want to look at').first().waitFor();
    await page.getByLabel('Day').fill('1');
    await page.getByLabel('Month').fill('1');
    await page.getByLabel('Year').fill('2020');
    await page.getByRole('button', { name: 'Show this day' }).click();
    await page.getByText('Choose today or a later day').first().waitFor();
    await check(page, { name: `team, a former day refused, ${kind}` });
    await page.getByRole('button', { name: /^In three months/ }).click();
    await page.waitForURL(/as_at=\d{4}-\d\d-\d\d/);
    await page.getByText(/1 person will have left: Tariq Hussain \(.*\)\. 1 person will have started\./).waitFor();
    await page.getByText('Catriona Beaton').first().waitFor();
    await page.getByText(/^Starts on \d+ \w+ \d{4}\.$/).waitFor();
    await check(page, { name: `team, in three months, ${kind}` });
    await page.getByRole('button', { name: /: why, .*, Catriona Beaton$/ }).first().click();
    await page.getByRole('dialog').getByText(/^As at .*, if nothing is recorded until then:$/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Back to today' }).click();
    await page.waitForURL(/\/team$/);
    await page.getByText('Catriona Beaton').waitFor({ state: 'detached' });
    assert.match(await focusName(page), /^\d+ people$/);
    await page.done();
  });
}

test('what waits is counted, leads to the list, and its cell to the completion', async () => {
  const page = await open();
  await signIn(page, 'employer', password);
  await page.goto('/team?status=waiting');
  await settled(page);
  const link = page.getByRole('link', { name: /^Waiting for confirmation since .*: look at it and confirm it, / }).first();
  await tabTo(page, /: why, /);
  await tabTo(page, /^Waiting for confirmation since /, { key: 'ArrowRight' });
  await link.click();
  await page.waitForURL('**/learning/completions/*');
  await settled(page);
  await page.getByRole('button', { name: /^Confirm/ }).first().waitFor();
  await page.goto('/team');
  await settled(page);
  await page.getByRole('link', { name: /^\d+ completions? waits? for you to confirm/ }).click();
  await page.waitForURL('**/team/confirm?organisation=*');
  await page.done();
});

test('on a phone the team is a list, and the filters are in the address', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'manager', password);
  await page.goto('/team?status=expiring');
  await settled(page);
  assert.equal(await page.getByRole('table').count(), 0);
  await page.getByText('Filters (1 chosen)').click();
  assert.equal(await page.getByLabel('Status', { exact: true }).inputValue(), 'expiring');
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
  // for a whole family and a role of another one, at one service
  await page.getByText('People in some roles').click();
  await page.locator('summary').filter({ hasText: 'Recovery and support' }).click();
  await page.getByLabel('All roles in Recovery and support').check({ force: true });
  await page.getByText('Recovery and support (all chosen)').waitFor();
  assert.equal(await page.getByLabel('Peer support worker').count(), 0, 'the family takes its roles in');
  await page.locator('summary').filter({ hasText: 'Management and administration' }).click();
  await page.getByLabel('Service manager').check({ force: true });
  await page.getByText('At some services').click();
  await page.getByLabel('Outreach and harm reduction, Fife').check({ force: true });
  // it says whom that is for before it is saved
  const since = page.getByRole('group', { name: /^Asked from/ }).getByRole('textbox');
  for (const [index, part] of ['1', '1', '2020'].entries()) await since.nth(index).fill(part);
  await page.getByRole('button', { name: 'See whom this is for' }).click();
  await page.getByText(/^Service managers and all roles in recovery and support at Outreach and harm reduction, Fife: \d+ people.*, today\.$/).first().waitFor();
  await page.getByText('Who they are').click();
  await page.getByText('Isla Fraser').waitFor();
  await check(page, { name: 'new requirement, whom it is for' });
  await page.getByLabel('Days to complete it').fill('10');
  await page.getByText('You have changed something since.').waitFor();
  // and asks twice when it begins in the past
  await page.getByRole('button', { name: 'Save' }).click();
  const past = page.getByRole('group', { name: /^It begins on 1 January 2020, which is in the past/ });
  await past.waitFor();
  await check(page, { name: 'new requirement, asked back' });
  await past.getByLabel('Yes, that is right').check({ force: true });
  await page.getByRole('group', { name: /would be overdue today\.$/ }).getByLabel('Yes, that is right').check({ force: true });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/\/team\/requirements\?/);
  const entry = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Stigma', exact: true }) });
  await entry.getByText('Service managers and all roles in recovery and support at Outreach and harm reduction, Fife').first().waitFor();
  await entry.getByRole('link', { name: /^Change or end Stigma/ }).click();
  await settled(page);
  await page.getByText('Recovery and support (all chosen)').waitFor();
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
  assert.equal(await curator.getByText('At some services').count(), 0, 'nationally no service can be named');
  await curator.getByRole('button', { name: 'See whom this is for' }).click();
  await curator.getByText(/^Everybody: [\d,]+ to [\d,]+ people, today\.$/).first().waitFor();
  await curator.getByText('We tell orders of size only, so that nobody can be recognised.').waitFor();
  assert.equal(await curator.getByText('Who they are').count(), 0);
  await check(curator, { name: 'national requirement, whom it is for' });
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

/** How many sheets a page prints on, and whether they lie across. */
async function printed(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true, format: 'A4' })).toString('latin1');
  const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  return { sheets: pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0, across: boxes.length > 0 && boxes.every(([, wide, high]) => Number(wide) > Number(high)) };
}

test('the matrix prints whole and across, a list of people on one sheet, and nothing to press', async () => {
  const page = await open();
  await signIn(page, 'employer', password);
  await page.goto('/team');
  await settled(page);
  const { sheets, across } = await printed(page);
  assert.ok(across && sheets > 1, 'the matrix lies across');
  // what a sheet across shows: 297 mm without its margins
  await page.setViewportSize({ width: 1017, height: 700 });
  await page.emulateMedia({ media: 'print' });
  const seen = await page.evaluate(() => {
    const table = document.querySelector('table');
    const edge = table.getBoundingClientRect();
    const frame = table.parentElement.getBoundingClientRect();
    const visible = (element) => element.checkVisibility();
    return {
      cut: edge.bottom > frame.bottom + 1 || edge.right > document.documentElement.clientWidth,
      people: table.tBodies[0].rows.length,
      heads: getComputedStyle(table.tHead).display,
      sheet: table.tHead.rows[0].innerText,
      boxes: [...document.querySelectorAll('input, select, .ds_button, .ds_link, summary')].filter(visible).length,
    };
  });
  assert.deepEqual([seen.cut, seen.heads, seen.boxes], [false, 'table-header-group', 0]);
  assert.match(seen.sheet, /^Glenrowan Recovery \(synthetic\), as at \d+ \w+ \d{4}: \d+ people\. A filled circle is met/);
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width: widths.desktop, height: 844 });
  await page.goto('/organisation/people');
  await settled(page);
  assert.deepEqual(await printed(page), { sheets: 1, across: false }, 'no empty sheet after it');
  await page.done();
});
