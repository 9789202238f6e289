// An analyst's visit to GraphiQL, with every other host out of reach. FACTS: url, bearer, query (the title of a saved
// one), screenshot (a path). Prints what was seen as one line of JSON.
import { readFileSync } from 'node:fs';
import { browser } from './browser.mjs';

const { url, bearer, query, screenshot } = JSON.parse(process.env.FACTS);
const RESPONSE = '.graphiql-response .view-lines';
const EDITOR = '.graphiql-query-editor .monaco-editor textarea, .graphiql-query-editor .native-edit-context';

const seen = { elsewhere: [], violations: [], problems: [], asked: [] };
const opened = await browser();
try {
  const context = await opened.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', acceptDownloads: true });
  await context.exposeFunction('violated', (what) => seen.violations.push(what));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.violated(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await context.route('**/*', (route) => {
    const asked = route.request().url();
    if (new URL(asked).origin === url) {
      return route.continue();
    }
    seen.elsewhere.push(asked);
    return route.abort();
  });
  seen.analyst = await analyst(await watched(context));
  seen.stranger = await stranger(await watched(context));
} finally {
  await opened.close();
}
console.log(JSON.stringify(seen));

async function watched(context) {
  const page = await context.newPage();
  page.on('pageerror', (error) => seen.problems.push(String(error)));
  page.on('request', (request) => seen.asked.push(request.url()));
  return page;
}

async function analyst(page) {
  // A stranger's is told, and expected: the browser reports each answer of 400 and above.
  page.on('console', (message) => message.type() === 'error' && seen.problems.push(message.text()));
  await page.goto(`${url}/graphiql#bearer=${bearer}`);
  const saved = page.getByRole('region', { name: 'Saved queries' }).getByRole('button');
  await saved.first().waitFor();
  const titles = await saved.locator('strong').allInnerTexts();
  await page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).locator(':not(.graphiql-spin)').first().waitFor();
  await page.locator(EDITOR).first().waitFor();
  const completed = {
    query: await completions(page, '{ '),
    viewer: await completions(page, '{ viewer { '),
    mutation: await completions(page, 'mutation { '),
  };
  await write(page, '');
  await saved.filter({ hasText: query }).click();
  const answered = page.waitForResponse((response) => response.url() === `${url}/graphql`);
  await page.getByRole('button', { name: 'Execute query' }).click();
  const answer = await (await answered).json();
  const button = page.getByRole('button', { name: /as CSV$/ });
  await button.waitFor();
  const shown = await page.locator(RESPONSE).innerText();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  await page.screenshot({ path: screenshot });
  const followed = await follow(page);
  return {
    title: await page.title(),
    address: page.url(),
    titles,
    completed,
    answer,
    shown,
    followed,
    export: { name: download.suggestedFilename(), base64: readFileSync(await download.path()).toString('base64') },
    kept: await page.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage } })),
  };
}

/** Begins a subscription and ends it; what carried it. */
async function follow(page) {
  await page.getByRole('button', { name: 'New tab' }).click();
  await write(page, 'subscription { sourceStatusChanged { label } }');
  const begun = page.waitForResponse((response) => response.url() === `${url}/graphql`);
  await page.getByRole('button', { name: 'Execute query' }).click();
  const response = await begun;
  await page.getByRole('button', { name: 'Stop query' }).click();
  await page.getByRole('button', { name: 'Execute query' }).waitFor();
  return { status: response.status(), type: response.headers()['content-type'] };
}

async function stranger(page) {
  await page.goto(`${url}/graphiql`);
  const told = page.getByRole('list', { name: 'Errors' }).getByRole('listitem');
  await told.waitFor();
  return { told: await told.innerText() };
}

async function write(page, text) {
  await page.locator(EDITOR).first().focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

/** What is proposed where `text` ends. */
async function completions(page, text) {
  await write(page, text);
  await page.keyboard.press('Control+Space');
  const list = page.locator('.suggest-widget.visible .monaco-list-row .label-name');
  await list.first().waitFor();
  const labels = await list.allInnerTexts();
  await page.keyboard.press('Escape');
  return labels;
}
