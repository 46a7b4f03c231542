// A browser that checks every page it visits: axe at two widths, no sideways scrolling, title and heading the same.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// The packages are the frontend's.
const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');

const here = resolve(fileURLToPath(import.meta.url), '..');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
export const widths = { phone: 390, desktop: 1280 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page in a browser context of its own; errors that nobody expected fail the journey at `close`. */
export async function openPage(browser, url, { width = widths.desktop, ...context } = {}) {
  const own = await browser.newContext({ baseURL: url, locale: 'en-GB', timezoneId: 'Europe/London', viewport: { width, height: 844 }, acceptDownloads: true, ...context });
  const page = await own.newPage();
  page.setDefaultTimeout(15_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself logs every answer of 400 and above: those are for the journey to judge.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(`console: ${message.text()}`);
  });
  return Object.assign(page, {
    errors,
    async done() {
      await own.close();
      assert.deepEqual(errors, [], 'errors in the browser');
    },
  });
}

/** Wait until the screen is there: a heading, nothing being fetched. */
export async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'));
}

/** Open a path, wait for it, and check it at both widths. */
export async function visit(page, path, options) {
  await page.goto(path);
  await settled(page);
  await check(page, options);
}

/** Check what is on the screen now. `not` leaves axe rules out: give a reason beside each use. */
export async function check(page, { name = new URL(page.url()).pathname, not = [] } = {}) {
  const before = page.viewportSize();
  for (const width of Object.values(widths)) {
    await page.setViewportSize({ width, height: 844 });
    await headed(page, name);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${name} at ${width} px scrolls sideways by ${over} px: ${over > 0 ? await widest(page) : ''}`);
    const { violations } = await new AxeBuilder({ page }).withTags(tags).disableRules(not).analyze();
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(' ')}  ${node.html.slice(0, 160)}`).join('\n')}`);
    if (process.env.CAIRN_SHOTS) await shot(page, `${name.replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'home'}-${width}`);
    assert.equal(found.length, 0, `${name} at ${width} px: axe found\n${found.join('\n')}`);
  }
  if (before) await page.setViewportSize(before);
}

async function headed(page, name) {
  const headings = await page.locator('h1').allInnerTexts();
  assert.equal(headings.length, 1, `${name} has ${headings.length} main headings: ${headings.join(' | ')}`);
  const title = (await page.title()).replace(/ – Cairn$/, '').replace(/^Error: /, '');
  assert.equal(title, headings[0].trim(), `${name}: document title and heading differ`);
}

/** What reaches furthest to the right, outside of frames that scroll. */
function widest(page) {
  return page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > edge + 1)
      .slice(0, 5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
      .join(', ');
  });
}

export async function shot(page, name) {
  const folder = join(here, 'out');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const accounts = ['staff', 'manager', 'employer', 'provider', 'adp', 'planner', 'curator', 'admin'];

/** Sign in as `staff`, `manager`, `employer`, `provider`, `adp`, `planner`, `curator` or `admin`. */
export async function signIn(page, who, password) {
  assert.ok(accounts.includes(who), `there is no demo account ${who}`);
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill(`${who}@example.org`);
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  await settled(page);
}

/** Press Tab until the focus is on what `wanted` describes; fails when it cannot be reached by keyboard. */
export async function tabTo(page, wanted, { most = 80, key = 'Tab' } = {}) {
  const seen = [];
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press(key);
    const name = await focusName(page);
    if (typeof wanted === 'string' ? name === wanted : wanted.test(name)) {
      await visiblyFocused(page, name);
      return;
    }
    seen.push(name);
  }
  assert.fail(`${wanted} cannot be reached with ${key}; came past: ${seen.join(' > ')}`);
}

/** The words by which a person knows the focused element. */
export function focusName(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return '(nothing)';
    const labelled = element.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
    const label = element.getAttribute('aria-label') ?? labelled ?? element.labels?.[0]?.textContent ?? element.textContent ?? '';
    return label.replace(/\s+/g, ' ').trim();
  });
}

/** The focus must be seen: an outline, a shadow or a background of its own. */
async function visiblyFocused(page, name) {
  const marks = await page.evaluate(() => {
    const element = document.activeElement;
    const looks = (of) => (of ? getComputedStyle(of) : null);
    const candidates = [looks(element), looks(element.nextElementSibling), looks(element.firstElementChild), looks(element.parentElement)];
    const before = element.nextElementSibling ? getComputedStyle(element.nextElementSibling, '::before') : null;
    return [...candidates, before].some(
      (style) => style && ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none' || style.filter !== 'none' || style.backgroundColor === 'rgb(253, 213, 34)'),
    );
  });
  assert.ok(marks, `the focus on "${name}" cannot be seen`);
}
