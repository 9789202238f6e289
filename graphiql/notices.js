// Writes under which terms stands what goes into the page, where the build takes it along; refuses what a landlord could
// not accept.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ACCEPTED = /^\(?(MIT|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|PSF-2\.0|Python-2\.0)( OR .*)?\)?$|^\(.* OR Apache-2\.0\)$/;
const TEXTS = /^(licen[cs]e|copying|notice|thirdpartynotices)/i;
const HEAD = `Third-party notices

The page in this folder was built from the packages below, each under its own terms.
`;

function textsOf(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile() && TEXTS.test(file.name));
  return files.map((file) => readFileSync(join(folder, file.name), 'utf8').replaceAll('\r\n', '\n').trim());
}

function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!ACCEPTED.test(license ?? '')) {
    throw new Error(`${name} ${version} is under ${license ?? 'no licence'}, which is not among those accepted`);
  }
  const by = typeof author === 'string' ? author : author?.name;
  const texts = textsOf(folder);
  return [`${name} ${version}: ${license}`, ...(texts.length ? texts : [`By ${by ?? 'its contributors'}.`])].join('\n\n');
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const folders = Object.keys(packages).filter((folder) => folder && !packages[folder].dev);
const notices = folders.sort().map(noticeOf);
mkdirSync('public', { recursive: true });
writeFileSync(join('public', 'NOTICES.txt'), [HEAD, ...notices].join(`\n${'-'.repeat(80)}\n\n`) + '\n');
