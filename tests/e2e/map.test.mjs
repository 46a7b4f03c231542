// A planner goes from the bar to a table that may be published, and takes it away; an employer sees its own figures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, focusName, settled, signIn, tabTo, visit, widths } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

/** The heading of the answer, when it is the answer to what is in the address. The first table of new facts is decided
 *  for all pairs of dimensions, which takes many seconds in a build without optimisation. */
async function answerTo(page, words) {
  await page.getByRole('heading', { level: 2, name: words }).waitFor({ timeout: 120_000 });
  await settled(page);
}

async function fetched(page, link) {
  const href = await page.getByRole('link', { name: link }).getAttribute('href');
  const file = await page.request.get(href);
  assert.equal(file.status(), 200, `${link}: ${href}`);
  return file;
}

test('three clicks to a table, a map and a file', async () => {
  const page = await open();
  await signIn(page, 'planner', password);
  await page.getByRole('navigation').getByRole('link', { name: 'Workforce map' }).click();
  await settled(page);
  await check(page, { name: 'map, first visit' });
  await page.getByRole('link', { name: 'Vacancy rate by ADP' }).click();
  await answerTo(page, /^Vacancy rate/);
  assert.match(await focusName(page), /^Vacancy rate/, 'the answer takes the focus');
  assert.equal(await page.getByRole('listbox').getByRole('option').count(), 30, 'one square an ADP');
  const table = page.getByRole('table', { name: /^Vacancy rate/ });
  assert.equal(await table.locator('tbody tr').count(), 30);
  assert.equal(await table.getByRole('rowheader', { name: 'Total' }).count(), 1);
  await check(page, { name: 'map, vacancy rate by ADP' });
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /Excel workbook/ }).click()]);
  assert.match(download.suggestedFilename(), /\.xlsx$/);
  const csv = await (await fetched(page, /Data file/)).text();
  assert.match(csv, /vacancy_rate/);
  for (const link of [/Excel workbook/, /For programs/]) await fetched(page, link);
  await page.done();
});

test('the question is changed by keyboard, and the address keeps it', async () => {
  const page = await open();
  await signIn(page, 'planner', password);
  await page.goto('/map?measure=posts&by=health_board');
  await answerTo(page, /^Posts by health board/);
  await page.locator('h1').focus();
  await tabTo(page, 'Measure');
  await page.keyboard.press('ArrowUp');
  await page.getByText('You changed the question.').waitFor();
  await tabTo(page, 'Show the table');
  await page.keyboard.press('Enter');
  await answerTo(page, /^People \(headcount\) by health board/);
  assert.equal(new URL(page.url()).search, '?measure=headcount&by=health_board');
  await tabTo(page, /^NHS .*: /);
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.locator('tr.pointed').count(), 1, 'the row of the chosen board is marked');
  await page.goBack();
  await answerTo(page, /^Posts by health board/);
  assert.equal(await page.getByLabel('Measure', { exact: true }).inputValue(), 'posts');
  await page.done();
});

test('crossed, filtered and nested tables hold at both widths', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'planner', password);
  await visit(page, '/map?measure=headcount&by=health_board&by=role_family', { name: 'map, crossed' });
  await visit(page, '/map?measure=coverage&by=service_type&theme=stigma&level=skilled&assurance=manager_confirmed&only=sector:third_sector', { name: 'map, coverage' });
  await page.getByText('Narrow it down further').click();
  await check(page, { name: 'map, narrowing down' });
  await page.done();
});

test('a question that cannot be answered says why, and keeps what was chosen', async () => {
  const page = await open();
  await signIn(page, 'planner', password);
  await page.goto('/map?measure=posts&by=adp&as_at=2099-01-01');
  await page.getByRole('alert').getByRole('link', { name: /future/ }).waitFor();
  await check(page, { name: 'map, refused' });
  assert.equal(await page.getByLabel('Year').inputValue(), '2099');
  await page.done();
});

test('a table that would be too large leads to smaller ones, and nothing is called fit to publish that shows nothing', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'planner', password);
  await page.goto('/map?measure=headcount&by=council&by=role&by=service_type');
  await page.getByRole('alert').getByRole('link', { name: /too large/ }).waitFor({ timeout: 120_000 });
  await check(page, { name: 'map, too large' });
  await page.getByRole('link', { name: 'With one dimension fewer' }).waitFor();
  await page.goto('/map?measure=coverage&by=adp&theme=stigma&level=specialist&assurance=provider_issued');
  await answerTo(page, /^Skill coverage/);
  await page.getByText('There is nothing in it to publish.').waitFor();
  await page.getByText('Tackling stigma, specialist level; provider issued.', { exact: true }).waitFor();
  await check(page, { name: 'map, all held back' });
  await page.getByRole('link', { name: 'With any record, however far it is trusted' }).click();
  await page.waitForURL((url) => !url.search.includes('assurance'));
  await page.done();
});

test('offline keeps the question; pressing twice asks once', async () => {
  const page = await open({ width: widths.phone });
  await signIn(page, 'planner', password);
  await page.goto('/map?measure=posts&by=sector');
  await answerTo(page, /^Posts by sector/);
  await page.context().setOffline(true);
  await page.getByLabel('Measure', { exact: true }).selectOption('headcount');
  await page.getByRole('button', { name: 'Show the table' }).click();
  await page.getByRole('alert').getByText('We could not reach Cairn').waitFor();
  assert.equal(await page.getByLabel('Measure', { exact: true }).inputValue(), 'headcount');
  await page.context().setOffline(false);
  let asked = 0;
  page.on('request', (request) => void (request.url().includes('/api/mapping/tables') && (asked += 1)));
  await page.getByRole('button', { name: 'Show the table' }).dblclick();
  await answerTo(page, /^People \(headcount\) by sector/);
  assert.equal(asked, 1);
  await page.done();
});

test('an ADP co-ordinator asks about the own area, an employer about itself', async () => {
  for (const [who, preset, words] of [
    ['adp', 'Vacancy rate by service type', 'May I publish it?'],
    ['employer', 'Vacancies by service type', 'Not for publication'],
  ]) {
    const page = await open();
    await signIn(page, who, password);
    await visit(page, '/map', { name: `map, ${who}` });
    await page.getByRole('link', { name: preset }).click();
    await page.getByText(words, { exact: true }).waitFor();
    await settled(page);
    await check(page, { name: `map, answer for ${who}` });
    await page.done();
  }
});
