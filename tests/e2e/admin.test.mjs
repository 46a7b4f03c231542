// An administrator makes an organisation and an account for its employer; the employer signs in with the first password, changes it and is at work.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, focusName, settled, signIn, tabTo, visit } from './browser.mjs';
import { password } from './cairn.mjs';
import { journeys } from './journey.mjs';

const { open } = journeys();

const main = (page) => page.locator('main');
const refused = (page) => page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'alert');

// A server that is used twice still has the organisation of the last run.
const stamp = Date.now();
const organisation = `Journey Recovery ${stamp}`;
const email = `morag-${stamp}@example.org`;
const own = 'a quiet loch at evening';

async function signInAs(page, address, secret) {
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill(address);
  await page.getByLabel('Password').fill(secret);
  await main(page).getByRole('button', { name: 'Sign in' }).click();
}

test('an organisation and its first account come to be, and the employer takes over', async () => {
  const page = await open();
  await signIn(page, 'admin', password);
  await page.getByRole('heading', { name: 'Looking after Cairn' }).waitFor();
  await check(page, { name: 'home of an administrator' });
  await visit(page, '/administration');
  await page.getByRole('link', { name: 'Organisations', exact: true }).click();
  await page.waitForURL('**/administration/organisations');
  await settled(page);
  await check(page);

  await page.getByRole('link', { name: 'Add an organisation' }).click();
  await page.waitForURL('**/organisations/new');
  await page.getByRole('button', { name: 'Add organisation' }).click();
  await refused(page);
  await check(page, { name: 'add an organisation, refused' });
  await page.getByLabel('Name', { exact: true }).fill(organisation);
  await page.getByText('An employer', { exact: true }).click();
  await page.getByLabel('Sector', { exact: true }).selectOption({ label: 'Third sector' });
  await page.getByRole('button', { name: 'Add organisation' }).click();
  await page.waitForURL(/\/organisations\/[0-9a-f-]{36}$/);
  await settled(page);
  await page.locator('main').getByText(`${organisation} is added.`).waitFor();
  await check(page, { name: 'an organisation' });

  await page.getByRole('link', { name: 'Add an account that looks after its workforce' }).click();
  await page.waitForURL('**/accounts/new**');
  await settled(page);
  await check(page);
  await page.getByLabel('Email address').fill('not an address');
  await page.getByLabel('First name').fill('Mòrag');
  await page.getByLabel('Family name').fill('<Bell> 🪨');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await refused(page);
  await check(page, { name: 'add an account, refused' });
  assert.equal(await page.getByLabel('First name').inputValue(), 'Mòrag', 'what was typed is kept');
  await page.getByLabel('Email address').fill(email);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'The first password' }).waitFor();
  assert.equal(await focusName(page), 'The first password');
  await check(page, { name: 'the first password' });
  const first = await page.locator('main code').innerText();
  assert.match(first, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  await main(page).getByText(`Employer: ${organisation}`).waitFor();
  await page.getByRole('link', { name: 'Open the account' }).click();
  await page.waitForURL(/\/accounts\/[0-9a-f-]{36}$/);
  await settled(page);
  await check(page, { name: 'an account' });
  const account = page.url();
  assert.equal(await page.getByText(first).count(), 0, 'the first password is not shown again');

  const morag = await open();
  await signInAs(morag, email, first);
  // a first password opens nothing but this
  await morag.waitForURL('**/account/password');
  await settled(morag);
  await morag.getByText('somebody else has seen it').waitFor();
  await check(morag);
  await morag.getByLabel('Password now').fill('not the one');
  await morag.getByLabel('New password', { exact: true }).fill(own);
  await morag.getByLabel('New password again').fill(own);
  await morag.getByRole('button', { name: 'Change password' }).click();
  await refused(morag);
  await check(morag, { name: 'change password, refused' });
  await morag.getByLabel('Password now').fill(first);
  await morag.getByRole('button', { name: 'Change password' }).click();
  await morag.getByText('Your new password counts from now on').waitFor();
  await visit(morag, '/organisation');
  await main(morag).getByRole('heading', { name: organisation }).waitFor();
  await morag.done();

  await visit(page, '/administration/security');
  await main(page).getByRole('row', { name: /Password changed/ }).first().getByText('Mòrag <Bell>').waitFor();
  await check(page, { name: 'the security log' });

  // roles come and go, by keyboard
  await page.goto(`${account}/grant`);
  await settled(page);
  await page.getByText('ADP co-ordinator', { exact: true }).click();
  await page.getByLabel('Area', { exact: true }).waitFor();
  await check(page, { name: 'give a role' });
  await page.getByText('Training provider', { exact: true }).click();
  await tabTo(page, 'Organisation');
  await page.keyboard.type('scottish');
  await page.getByRole('list', { name: 'Organisations found' }).getByRole('button').first().waitFor();
  await check(page, { name: 'give a role, organisations found' });
  await page.keyboard.press('Tab');
  const chosen = await focusName(page);
  await page.keyboard.press('Enter');
  await tabTo(page, 'Give this role');
  await page.keyboard.press('Enter');
  await page.waitForURL(account);
  await settled(page);
  await main(page).getByRole('row', { name: new RegExp('^Training provider') }).getByText(chosen, { exact: true }).waitFor();
  await tabTo(page, /^Take away Training provider/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await check(page, { name: 'take a role away, asked once more' });
  await page.getByRole('button', { name: 'Take it away' }).click();
  await page.getByRole('table', { name: 'Roles before' }).getByText('Training provider').waitFor();

  // a new password, and no password at all
  await page.getByRole('button', { name: 'Make a new password' }).click();
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('heading', { name: 'The first password' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === 'The first password');
  await check(page, { name: 'a new first password' });
  const second = await page.locator('main code').innerText();
  assert.notEqual(second, first);
  await page.getByRole('button', { name: 'Disable the account' }).click();
  await page.getByRole('button', { name: 'Disable it' }).click();
  await page.getByText('nobody can sign in with this account').waitFor();
  await check(page, { name: 'a disabled account' });
  const out = await open();
  await signInAs(out, email, second);
  await out.getByText('We do not know that email address and password together').first().waitFor();
  await out.done();

  await visit(page, '/administration/accounts');
  await page.getByLabel('Find an email address or a name').fill(`morag-${stamp}`);
  await main(page).getByText('1 account', { exact: true }).waitFor();
  await main(page).getByRole('link', { name: email }).waitFor();
  await main(page).getByText('Disabled', { exact: true }).waitFor();
  await check(page, { name: 'accounts found' });
  await page.done();
});

test('an administrator is not shut out by accident, and others see nothing of this', async () => {
  const page = await open();
  await signIn(page, 'admin', password);
  await page.goto('/administration/accounts?q=admin%40example.org');
  await settled(page);
  await main(page).getByRole('link', { name: 'admin@example.org' }).click();
  await page.waitForURL(/\/accounts\/[0-9a-f-]{36}$/);
  await settled(page);
  await check(page, { name: 'the own account' });
  await page.getByText('This is your own account').waitFor();
  assert.equal(await page.getByRole('button', { name: /^(Disable|Make a new|Take away)/ }).count(), 0);
  await page.done();

  const staff = await open();
  await signIn(staff, 'staff', password);
  assert.equal(await staff.getByRole('link', { name: 'Administration' }).count(), 0);
  await staff.goto('/administration/accounts');
  await staff.getByRole('heading', { name: 'This page is not open to you' }).waitFor();
  await visit(staff, '/account/password');
  await staff.done();
});
