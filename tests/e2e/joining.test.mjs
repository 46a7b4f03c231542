// An employer says that somebody works there: they answer on the start page, and until then it has nothing of theirs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, settled, signIn, visit, widths } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();
const main = (page) => page.getByRole('main');
async function fillDate(page, legend, parts) {
  const boxes = page.getByRole('group', { name: new RegExp(`^${legend}`) }).getByRole('textbox');
  for (const [index, part] of parts.entries()) await boxes.nth(index).fill(part);
}

test('a worker answers the second employer on the start page, on a phone, and may undo it', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'staff', password);
  const asked = page.getByRole('region', { name: 'Do you work there?' });
  await asked.getByText(/says you work there, as .* since /).waitFor();
  await settled(page);
  await check(page, { name: 'start page, asked by an employer' });
  await asked.getByRole('button', { name: /^No, I do not/ }).click();
  await asked.getByText('sees nothing of yours').waitFor();
  await check(page, { name: 'start page, answered no' });
  await asked.getByRole('button', { name: /^Undo/ }).click();
  await asked.getByRole('button', { name: /^Yes/ }).click();
  await asked.getByText('It now sees of your record what its requirements need').waitFor();
  await check(page, { name: 'start page, answered yes' });
  await visit(page, '/account/details');
  assert.equal(await main(page).getByText('It writes your name as').count(), 2);
  await main(page).getByRole('button', { name: /^I no longer want/ }).last().click();
  await page.getByRole('dialog').waitFor();
  await check(page, { name: 'my details, asked once' });
  await page.getByRole('button', { name: 'Stop it' }).click();
  await main(page).getByText('It no longer sees your record.', { exact: true }).waitFor();
  await main(page).getByRole('button', { name: /^Take this answer back/ }).click();
  await main(page).getByRole('link', { name: 'Answer who says that you work there' }).waitFor();
  await page.done();
});

test('an employer adds somebody with an account, renames them, and the greeting stays theirs', async () => {
  const employer = await open();
  await signIn(employer, 'employer', password);
  await employer.goto('/organisation/people/new');
  await settled(employer);
  await employer.getByLabel('First name').fill('Finley');
  await employer.getByLabel('Family name').fill('Spence');
  await employer.getByLabel('Email address').fill('curator@example.org');
  await employer.getByLabel('Service', { exact: true }).selectOption({ index: 1 });
  await employer.getByLabel('Post', { exact: true }).locator('option').nth(1).waitFor({ state: 'attached' });
  await employer.getByLabel('Post', { exact: true }).selectOption({ index: 1 });
  await fillDate(employer, 'First day in post', ['1', '10', '2026']);
  await employer.getByLabel('Contracted hours a week').fill('60');
  await employer.getByRole('button', { name: 'Add person' }).click();
  await employer.getByText('These are 60 hours a week. Is that right?').first().waitFor();
  await check(employer, { name: 'add a person, hours asked back' });
  await employer.getByRole('button', { name: 'Yes, that is right' }).click();
  await employer.waitForURL(/\/people\/[0-9a-f-]{36}/);
  await settled(employer);
  await employer.getByText('Not confirmed yet.').waitFor();
  await check(employer, { name: 'a person who has not answered' });

  const person = await open({ width: widths.phone });
  await signIn(person, 'curator', password);
  await person.getByRole('button', { name: /^Yes, I work there/ }).click();
  await person.getByText('It now sees of your record').waitFor();

  await employer.reload();
  await settled(employer);
  await employer.getByText('They have said that they work here.').waitFor();
  await employer.getByText('Change the name or the address').click();
  await employer.getByLabel('First name').fill('Malcolm');
  await employer.getByRole('button', { name: 'Save', exact: true }).click();
  await employer.getByRole('heading', { level: 1, name: 'Malcolm Spence' }).waitFor();
  await person.goto('/');
  await settled(person);
  await person.getByRole('heading', { level: 1, name: 'Good to see you, Finlay' }).waitFor();
  await person.goto('/account/details');
  await main(person).getByText('It writes your name as Malcolm Spence').waitFor();

  // hours change from a day on, and a twin is asked about and merged
  await employer.getByRole('link', { name: /^Change from a date/ }).first().click();
  await employer.waitForURL('**/change');
  await settled(employer);
  await fillDate(employer, 'First day of the change', ['1', '11', '2026']);
  await employer.getByLabel(/^Contracted hours/).fill('18');
  await check(employer, { name: 'change hours' });
  await employer.getByRole('button', { name: 'Save the change' }).click();
  await employer.getByText('Then other hours in the same post.').waitFor();
  await check(employer, { name: 'a person whose hours changed' });

  await employer.goto('/organisation/people/new');
  await settled(employer);
  await employer.getByLabel('First name').fill('Malcom');
  await employer.getByLabel('Family name').fill('Spence');
  await employer.getByLabel('Service', { exact: true }).selectOption({ index: 1 });
  await employer.getByLabel('Post', { exact: true }).locator('option').nth(2).waitFor({ state: 'attached' });
  await employer.getByLabel('Post', { exact: true }).selectOption({ index: 2 });
  await fillDate(employer, 'First day in post', ['2', '11', '2026']);
  await employer.getByLabel('Contracted hours a week').fill('4');
  await employer.getByRole('button', { name: 'Add person' }).click();
  await employer.getByRole('region', { name: 'Is this the same person?' }).getByText('has nearly the same name').waitFor();
  await check(employer, { name: 'add a person, maybe here already' });
  await employer.getByRole('button', { name: 'No, somebody else: add them' }).click();
  await employer.waitForURL(/\/people\/[0-9a-f-]{36}/);
  await settled(employer);
  await employer.getByRole('link', { name: /merge two entries/ }).click();
  await employer.waitForURL('**/merge**');
  await employer.getByLabel('Name of the other entry').fill('Spence');
  await employer.getByRole('button', { name: 'Look' }).click();
  await employer.getByRole('button', { name: /^Show what would move.*Malcolm Spence/ }).click();
  await employer.getByRole('heading', { name: 'What goes over' }).waitFor();
  await check(employer, { name: 'merge, previewed' });
  await employer.getByRole('button', { name: 'Merge them' }).click();
  await employer.getByText('has both').waitFor();
  await check(employer, { name: 'merged' });
  await employer.getByRole('button', { name: 'Undo the merging' }).click();
  await employer.getByLabel('Name of the other entry').waitFor();
  await employer.done();
  await person.done();
});
