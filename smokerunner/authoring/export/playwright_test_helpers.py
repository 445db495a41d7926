"""Small functions that exported TypeScript brings along, each only where it is called."""

from __future__ import annotations

HELPERS: dict[str, str] = {
    "loaded": """
/** A document must have come with this status, or with any below 400. */
function loaded(response: Response | null, status?: number) {
  if (response === null) return;
  const good = status === undefined ? response.status() < 400 : response.status() === status;
  expect(good, `${response.url()} answered with status ${response.status()}`).toBe(true);
}
""",
    "escaped": """
/** A text as part of a regular expression. */
function escaped(text: string) {
  return text.replace(/[\\\\^$.|?*+()[\\]{}]/g, '\\\\$&');
}
""",
    "address": """
/** Where a page is: `*` is one part of a path, `**` any; a query may hold more than what is named. */
function address(wanted: string) {
  const [url, fragment] = (wanted.includes('://') ? wanted : BASE_URL + wanted).split('#');
  const [path, query] = url.split('?');
  let pattern = '^' + escaped(path).replaceAll('\\\\*\\\\*', '[^?#]*').replaceAll('\\\\*', '[^/?#]*');
  for (const [name, value] of new URLSearchParams(query ?? '')) {
    const spelt = [value, encodeURIComponent(value), encodeURIComponent(value).replaceAll('%20', '+')];
    pattern += `(?=[^#]*[?&]${escaped(encodeURIComponent(name))}=(${spelt.map(escaped).join('|')})([&#]|$))`;
  }
  return new RegExp(pattern + '(\\\\?[^#]*)?' + (fragment ? escaped(`#${fragment}`) + '$' : '(#.*)?$'));
}
""",
    "answerDialog": """
/** Answer the next native dialog; what it says comes with it. */
function answerDialog(page: Page, accept: boolean, text?: string) {
  return new Promise<string>(resolve => {
    page.once('dialog', async dialog => {
      resolve(dialog.message());
      await (accept ? dialog.accept(text ?? dialog.defaultValue()) : dialog.dismiss());
    });
  });
}
""",
    "choose": """
/** Choose the options whose labels hold these texts; a label that is the text itself comes first. */
async function choose(select: Locator, ...wanted: (string | RegExp)[]) {
  const contents = await select.locator('option').allTextContents();
  const labels = contents.map(label => label.trim().replace(/\\s+/g, ' '));
  const chosen = wanted.map(option => {
    const pattern = typeof option === 'string' ? new RegExp(escaped(option), 'i') : option;
    const exact = labels.filter(label => label === option);
    const found = exact.length ? exact : labels.filter(label => pattern.test(label));
    expect(found, `${option} among the options ${labels.join(', ')}`).toHaveLength(1);
    return { label: found[0] };
  });
  await select.selectOption(chosen);
}
""",
    "take": """
/** What the first group finds in a text, or the whole pattern when it has none. */
function take(text: string | null, pattern: RegExp) {
  const found = pattern.exec(text ?? '');
  if (found === null) throw new Error(`${pattern} is not in ${text}`);
  return found.length > 1 ? (found[1] ?? '') : found[0];
}
""",
    "asText": """
/** A value of JSON as it is written. */
function asText(value: unknown) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
""",
    "contentOf": """
/** What stands in a file that was downloaded. */
async function contentOf(download: Download) {
  return fs.readFileSync(await download.path(), 'utf-8');
}
""",
    "sizeOf": """
/** The size of a file that was downloaded, in bytes. */
async function sizeOf(download: Download) {
  return fs.statSync(await download.path()).size;
}
""",
    "received": """
/** How many of the files have such a name, such a content and such a size. */
async function received(downloads: Download[], name?: RegExp, holds?: RegExp, atLeast = 0) {
  let number = 0;
  for (const download of downloads) {
    const file = await download.path();
    const named = name === undefined || name.test(download.suggestedFilename());
    const filled = holds === undefined || holds.test(fs.readFileSync(file, 'utf-8'));
    if (named && filled && fs.statSync(file).size >= atLeast) number += 1;
  }
  return number;
}
""",
    "answered": """
/** How many of the requests to an address were answered so. */
function answered(responses: Response[], where: RegExp, method?: string, status?: number) {
  return responses.filter(
    seen =>
      where.test(seen.url()) &&
      (method === undefined || seen.request().method() === method) &&
      (status === undefined || seen.status() === status),
  ).length;
}
""",
    "mentions": """
/** How many of the messages fit. */
function mentions(messages: Said[], pattern: RegExp) {
  return messages.filter(({ text }) => pattern.test(text)).length;
}
""",
    "ownErrors": """
/** How many errors are the app's own, and not among those that are tolerated. */
function ownErrors(messages: Said[]) {
  return messages.filter(
    ({ type, text, url }) =>
      type === 'error' && url.startsWith(BASE_URL) && !TOLERATED.some(known => known.test(`${text} ${url}`)),
  ).length;
}
""",
    "statusOf": """
/** The HTTP status of the document that is shown. */
async function statusOf(page: Page) {
  const script = "performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0";
  return await page.evaluate<number>(script);
}
""",
    "matchesAria": """
/** Whether the accessibility tree holds this now. */
async function matchesAria(element: Locator, snapshot: string) {
  return await expect(element).toMatchAriaSnapshot(snapshot, { timeout: 1 }).then(() => true, () => false);
}
""",
    "day": """
/** A day counted from today in days, weeks, months and years, in a format of strftime. */
function day(shift: string, form: string) {
  const at = new Date();
  for (const [, number, unit] of shift.matchAll(/([+-]\\d+)([dwmy])/g)) {
    if (unit === 'd' || unit === 'w') {
      at.setDate(at.getDate() + Number(number) * (unit === 'w' ? 7 : 1));
      continue;
    }
    const wanted = at.getDate();
    at.setMonth(at.getMonth() + Number(number) * (unit === 'y' ? 12 : 1), 1);
    at.setDate(Math.min(wanted, new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate()));
  }
  const named = (options: Intl.DateTimeFormatOptions) => at.toLocaleDateString('en-US', options);
  const [year, month, date] = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(String);
  const parts: Record<string, string> = {
    '%Y': year, '%y': year.slice(-2), '%m': month.padStart(2, '0'), '%-m': month, '%d': date.padStart(2, '0'),
    '%-d': date, '%B': named({ month: 'long' }), '%b': named({ month: 'short' }), '%A': named({ weekday: 'long' }),
    '%a': named({ weekday: 'short' }), '%%': '%',
  };
  return form.replace(/%-?./g, part => parts[part]);
}
""",
    "scrollOn": """
/** Scroll a list until it has made the element that is meant. */
async function scrollOn(box: Locator, target: Locator) {
  for (let i = 0; i < 2000 && !(await target.count()); i++) {
    await box.evaluate(element => element.scrollBy(0, element.clientHeight * 0.8));
    await box.page().waitForTimeout(20);
  }
  await target.scrollIntoViewIfNeeded();
}
""",
    "oneTimeCode": """
/** The one-time code of the moment. Fill this in, with a package such as otplib. */
function oneTimeCode(seed: string): string {
  throw new Error('oneTimeCode: make a one-time code of the seed');
}
""",
    "waitForMail": """
/** A message: what a person reads, its links, its headers in lower case. */
type Mail = { text: string; links: { text: string; href: string }[]; headers: Record<string, string> };

/** The newest message to this address that fits. Fill this in: ask the API of your mailbox until it is there. */
async function waitForMail(
  to: string,
  subject: RegExp | undefined,
  sender: RegExp | undefined,
  text: RegExp | undefined,
  timeout: number,
): Promise<Mail> {
  throw new Error(`waitForMail: ask your mailbox for a message to ${to}`);
}
""",
    "linkIn": """
/** Where the first link leads whose text, or else whose address, fits. */
function linkIn(mail: Mail, wanted: RegExp) {
  const found = mail.links.find(link => wanted.test(link.text)) ?? mail.links.find(link => wanted.test(link.href));
  if (found === undefined) throw new Error(`no link ${wanted} in the message`);
  return found.href;
}
""",
}
"""By name, in the order they are printed."""
NEEDS: dict[str, tuple[str, ...]] = {"linkIn": ("waitForMail",), "address": ("escaped",), "choose": ("escaped",)}
"""Helpers that come along with another."""
TYPES = ("Browser", "Download", "Locator", "Page", "Response")
"""What the code may need of Playwright's types; only what it names is imported."""

OPEN_PAGE = """
/** A page in a browser context of its own. */
async function openPage(browser: Browser, storageState?: State) {
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
HANDLERS  return page;
}
"""
