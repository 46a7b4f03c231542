// Finding a course in spite of a slip, and a provider's draft on its way to everybody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, settled, signIn, visit, widths } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

const cards = (page) => page.getByRole('list', { name: /result/ }).getByRole('heading', { level: 3 });

test('from a slip of the key to the course, and back to the same results', async () => {
  const page = await open({ width: widths.phone });
  await visit(page, '/find');
  await page.getByLabel('Topic, title, provider or question').fill('nalaxone');
  await page.waitForURL('**/find?q=nalaxone');
  await page.waitForFunction(() => document.querySelector('ol article h3')?.textContent?.includes('aloxone'));
  await page.getByRole('button', { name: /^Filters/ }).click();
  await page.getByRole('dialog').getByText('E-learning at your own pace').click();
  await page.waitForURL('**delivery=elearning**');
  await page.getByRole('button', { name: /^Show \d+ result/ }).click();
  await settled(page);
  await check(page, { name: 'find, narrowed' });
  const found = await cards(page).allTextContents();
  await cards(page).first().getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: found[0] }).waitFor();
  await check(page, { name: 'item' });
  await page.goBack();
  await page.waitForURL('**q=nalaxone**');
  await cards(page).first().waitFor();
  assert.deepEqual(await cards(page).allTextContents(), found, 'the back button brings the same results');
  await page.goto('/find?q=zzzzqqqq');
  await page.getByText('Nothing found for').waitFor();
  await check(page, { name: 'find, nothing' });
  await page.done();
});

test('a curator brings in a file, gets it back with its problems, and takes it back', async () => {
  const stamp = Date.now();
  const file = (rows) => ({ name: 'items.csv', mimeType: 'text/csv', buffer: Buffer.from(`ref,title,provider,minutes,delivery,cost\n${rows.join('\n')}\n`) });
  const page = await open();
  await signIn(page, 'curator', password);
  await visit(page, '/catalogue/import');
  const rows = [`j-${stamp}-1,Quiet hours ${stamp},Journey provider,45,elearning,free`, `j-${stamp}-2,Wrong hours ${stamp},Journey provider,many,elearning,free`];
  await page.getByLabel('File', { exact: true }).setInputFiles(file(rows));
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('table', { name: /things? to look at/ }).waitFor();
  await check(page, { name: 'import, with a wrong cell' });
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the file with its problems' }).click()]);
  assert.equal(download.suggestedFilename(), 'items-with-problems.xlsx');
  await page.getByRole('button', { name: 'Apply the 1 good row only' }).click();
  await page.getByText('1 item made, 0 changed').first().waitFor();
  await check(page, { name: 'import, applied' });
  await page.goto('/catalogue/import');
  const done = page.getByRole('table', { name: /Files brought in/ });
  await done.getByRole('button', { name: /^Undo/ }).first().click();
  await check(page, { name: 'import, asked whether to undo' });
  await page.getByRole('dialog').getByRole('button', { name: 'Undo it' }).click();
  await page.getByText('1 new item removed, 0 as before.').first().waitFor();
  await done.getByText(/^Undone on/).first().waitFor();
  assert.equal((await page.request.get(`/api/catalogue/items/j-${stamp}-1`)).status(), 404);
  await page.done();
});

test('a provider writes a draft, a curator publishes it, anyone finds it', async () => {
  const title = 'Woodland walks as aftercare';
  const provider = await open();
  await signIn(provider, 'provider', password);
  await visit(provider, '/provider');
  await provider.getByRole('link', { name: 'New item' }).click();
  await provider.getByLabel('Title', { exact: true }).waitFor();
  await provider.locator('main').getByRole('button', { name: 'Save draft' }).click();
  await provider.getByRole('alert').getByRole('link', { name: 'Enter a title.' }).waitFor();
  await check(provider, { name: 'item form refused' });
  await provider.getByLabel('Title', { exact: true }).fill(title);
  await provider.getByLabel('Description').fill('Out **in the woods**, whatever the weather.');
  await provider.getByLabel('How to take part').fill('Write to walks@example.org');
  await provider.locator('main').getByRole('button', { name: 'Save draft' }).click();
  await provider.getByRole('heading', { level: 1, name: title }).waitFor();
  await provider.getByRole('button', { name: 'Submit for review' }).click();
  await provider.getByRole('button', { name: 'Back to draft' }).waitFor();

  const curator = await open();
  await signIn(curator, 'curator', password);
  await visit(curator, '/curation');
  await curator.getByRole('button', { name: title }).click();
  await curator.getByRole('heading', { level: 2, name: title }).waitFor();
  await check(curator, { name: 'curation' });
  await curator.getByRole('article').focus();
  await curator.keyboard.press('b');
  await curator.getByLabel('What needs to change?').fill('Say how long a walk takes.');
  await curator.getByRole('button', { name: 'Send back and next' }).click();
  await curator.locator('main').getByText('went back to its provider').waitFor();

  // The reason stands beside the item on the desk, and again where it is put right.
  await provider.goto('/provider');
  const row = provider.getByRole('row').filter({ has: provider.getByRole('link', { name: title }) });
  await row.getByText('Say how long a walk takes.').waitFor();
  await check(provider, { name: 'provider desk, sent back' });
  await row.getByRole('link', { name: title }).click();
  await provider.locator('main').getByText('Say how long a walk takes.').first().waitFor();
  await provider.getByRole('button', { name: 'Submit for review' }).click();
  await provider.getByRole('button', { name: 'Back to draft' }).waitFor();
  await provider.done();

  await curator.goto('/curation');
  await settled(curator);
  await curator.getByRole('button', { name: title }).click();
  await curator.getByRole('heading', { level: 2, name: title }).waitFor();
  await curator.getByRole('article').focus();
  await curator.keyboard.press('p');
  await curator.locator('main').getByText('is published').waitFor();
  await curator.done();

  const anyone = await open();
  await anyone.goto('/find');
  const box = anyone.getByLabel('Topic, title, provider or question');
  // the index follows within a second
  for (let turn = 0; turn < 20 && !(await anyone.getByRole('link', { name: title }).isVisible()); turn += 1) {
    await box.fill(turn % 2 ? 'woodland walks' : 'woodland aftercare');
    await anyone.getByRole('link', { name: title }).waitFor({ timeout: 500 }).catch(() => undefined);
  }
  await anyone.getByRole('link', { name: title }).click();
  await anyone.getByRole('heading', { level: 1, name: title }).waitFor();
  await anyone.getByRole('link', { name: 'walks@example.org' }).waitFor();
  await anyone.done();
});

test('a provider changes what is public, a curator sees it beside what stands, and decides', async () => {
  const item = '/find/demo-061';
  const provider = await open({ width: widths.phone });
  await signIn(provider, 'provider', password);
  await visit(provider, item);
  const title = await provider.getByRole('heading', { level: 1 }).textContent();
  await provider.getByRole('link', { name: 'Edit', exact: true }).click();
  await provider.getByText('A curator looks at changes of public items').waitFor();
  await provider.getByLabel('Held for how many months?').fill('6');
  await check(provider, { name: 'item form of a public item' });
  await provider.getByRole('button', { name: 'Send to a curator' }).click();
  await provider.getByText('A change of this waits for a curator').waitFor();
  await provider.getByRole('table', { name: 'What you changed' }).waitFor();
  await check(provider, { name: 'item with a change that waits' });

  const curator = await open();
  await signIn(curator, 'curator', password);
  await visit(curator, '/curation');
  await curator.getByRole('button', { name: title }).click();
  const article = curator.getByRole('article');
  await article.getByRole('table', { name: 'What would change' }).getByRole('row', { name: /Months it is held/ }).waitFor();
  await article.getByText('This changes who counts as trained').waitFor();
  await check(curator, { name: 'curation, a change' });
  await article.focus();
  await curator.keyboard.press('n');
  await curator.keyboard.press('n');
  await curator.getByRole('button', { name: title }).click();
  await curator.getByRole('article').getByRole('heading', { level: 2, name: title }).waitFor();
  await curator.getByRole('button', { name: 'Publish and next' }).click();
  await curator.locator('main').getByText('is published').first().waitFor();
  // many at once
  const boxes = curator.getByRole('checkbox', { name: /^Choose / });
  if (await boxes.count()) {
    await boxes.first().check();
    await curator.getByRole('group', { name: 'Decide what is chosen' }).waitFor();
    await check(curator, { name: 'curation, one chosen' });
  }
  await curator.done();
  await provider.goto(item);
  await provider.getByText('6 months').first().waitFor();
  await provider.done();
});
