// What an element is to a person, and the ways to find it again, the best first. The recorder's notes and the reader of
// forms have it in common: each puts this text at the beginning of its own function, so nothing of it is left in the page.
const clean = text => (text || '').replace(/\s+/g, ' ').trim();
const FIELDS = 'input, select, textarea, [contenteditable=""], [contenteditable=true]';
const labelOf = element => {
  const named = (element.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean)
    .map(id => document.getElementById(id)?.innerText || '').join(' ');
  const labels = [...(element.labels || [])].map(label => label.innerText).join(' ');
  return clean(named) || clean(element.getAttribute('aria-label')) || clean(labels);
};
const root = element => element.getRootNode();
const single = (element, selector) => {
  try {
    const found = root(element).querySelectorAll(selector);
    return found.length === 1 && found[0] === element;
  } catch {
    return false;
  }
};
const unlike = (element, attribute, value) =>
  [...root(element).querySelectorAll(`[${attribute}]`)].filter(other =>
    clean(other.getAttribute(attribute)).toLowerCase().includes(value.toLowerCase())).length === 1;

// Among many alike, the row, item or article that it stands in tells which one is meant.
const AROUND = { TR: 'row', LI: 'listitem', ARTICLE: 'article' };
const wayWithin = element => {
  const tag = element.matches('button') ? 'button' : element.matches('a[href]') ? 'a' : '';
  const words = clean(element.getAttribute('aria-label') || element.innerText);
  if (!tag || !words || words.length > 60) return null;
  const same = holder => [...holder.querySelectorAll(tag)].filter(other =>
    clean(other.getAttribute('aria-label') || other.innerText).toLowerCase().includes(words.toLowerCase()));
  if (same(root(element)).length < 2) return null;
  for (let around = element.parentElement; around && same(around).length === 1; around = around.parentElement) {
    const role = AROUND[around.tagName];
    if (!role || (around.getAttribute('role') || role) !== role) continue;
    const alike = [...root(element).querySelectorAll(around.tagName)].map(other => clean(other.textContent));
    const mark = [...around.querySelectorAll('h1, h2, h3, h4, h5, h6, th, td, strong, b, a, p')]
      .map(inner => clean(inner.textContent))
      .find(text => /^[^\d]{3,60}$/.test(text) && !text.toLowerCase().includes(words.toLowerCase())
        && alike.filter(other => other.toLowerCase().includes(text.toLowerCase())).length === 1);
    if (mark) return { [tag === 'a' ? 'link' : tag]: words, within: { role, has_text: mark } };
  }
  return null;
};

// The next best ways to find it, apart from its role: what a person sees first, what only the code knows last.
const waysTo = element => {
  const ways = [];
  const testId = element.getAttribute('data-testid');
  if (testId && single(element, `[data-testid=${CSS.escape(testId)}]`)) ways.push({ test_id: testId });
  const label = element.matches(FIELDS) ? labelOf(element) : '';
  if (label && label.length < 80) {
    const alike = [...root(element).querySelectorAll(FIELDS)].map(labelOf)
      .filter(other => other.toLowerCase().includes(label.toLowerCase()));
    if (alike.length === 1) ways.push({ label });
    else if (alike.filter(other => other === label).length === 1) ways.push({ label: { is: label } });
  }
  for (const attribute of ['placeholder', 'alt', 'title']) {
    const value = clean(element.getAttribute(attribute));
    if (value && value.length < 80 && unlike(element, attribute, value)) ways.push({ [attribute]: value });
  }
  const name = element.getAttribute('name');
  const tag = element.tagName.toLowerCase();
  if (name && element.matches(FIELDS) && single(element, `${tag}[name="${CSS.escape(name)}"]`))
    ways.push({ css: `${tag}[name="${name}"]` });
  const id = element.id;
  if (id && !/\d{3}|[0-9a-f]{8}|:/i.test(id) && single(element, `#${CSS.escape(id)}`))
    ways.push({ css: `#${CSS.escape(id)}` });
  const within = wayWithin(element);
  if (within) ways.push(within);
  return ways;
};

const OPENS = /register|sign.?up|create (an? )?account|open (an? )?account|join|registrieren|konto/i;
const opensAccount = element => {
  const form = element.form || element.closest?.('form');
  if (!form) return false;
  const secret = [...form.querySelectorAll('input[type=password]')];
  if (secret.some(field => field.autocomplete === 'new-password') || secret.length > 1) return true;
  if (secret.length !== 1 || secret[0].autocomplete === 'current-password') return false;
  const buttons = [...form.querySelectorAll('button, input[type=submit]')].map(b => b.innerText || b.value);
  return [form.getAttribute('action'), form.id, form.getAttribute('name'), ...buttons].some(t => OPENS.test(t || ''));
};

const describe = element => ({
  tag: element.tagName.toLowerCase(),
  type: (element.getAttribute('type') || '').toLowerCase(),
  name: element.getAttribute('name') || '',
  autocomplete: element.getAttribute('autocomplete') || '',
  label: labelOf(element) || clean(element.getAttribute('placeholder')),
  words: clean(element.innerText || element.value).slice(0, 80),
  opens_account: opensAccount(element),
  editable: element.isContentEditable,
  ways: waysTo(element),
});
