// Opens a Chromium: the one that GATEWAY_TEST_CHROMIUM names, else the one in the package, else one on PATH.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const NO_BROWSER = `\
The tests need Chromium, and none could be started. One of these helps: install the libraries that the one from the
package @sparticuz/chromium needs (Debian: libnss3); or install Chromium so that it is on PATH; or set
GATEWAY_TEST_CHROMIUM to the path of its program.`;

// Not the arguments that the package proposes: they switch off what a page may not do, which is tested here.
const ARGUMENTS = ['--disable-gpu', '--disable-dev-shm-usage'];
// The suite may run as root in a container, where Chromium can have no sandbox.
const UNBOXED = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export async function browser() {
  const failures = [];
  for (const choose of choices()) {
    try {
      return await chromium.launch({ executablePath: await choose(), args: [...ARGUMENTS, ...UNBOXED], timeout: 20_000 });
    } catch (error) {
      failures.push(String(error).split('\n', 3).join(' '));
    }
  }
  throw new Error([NO_BROWSER, ...failures].join('\n'));
}

function choices() {
  const named = process.env.GATEWAY_TEST_CHROMIUM;
  return named ? [() => named] : [() => sparticuz.executablePath(), onPath];
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram);
  if (!found) {
    throw new Error('no Chromium on PATH');
  }
  return found;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
