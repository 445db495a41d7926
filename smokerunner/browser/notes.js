// Runs in every frame before the app's own scripts. For what a person does it notes, at that moment and before the
// page can change, what Playwright's recorder does not tell: the kind of a field, other ways to find the element,
// the files that were chosen. The mask button is drawn here as well.
(() => {
  if (window.__smokeNoted) return;
  window.__smokeNoted = true;

  const send = note => {
    const told = window.__smokeNote?.({ ...note, url: location.href });
    told?.catch?.(() => {});
  };
  const clean = text => (text || '').replace(/\s+/g, ' ').trim();
  const FIELDS = 'input, select, textarea, [contenteditable=""], [contenteditable=true]';
  const CHOOSERS = ['file', 'range', 'date', 'time', 'datetime-local', 'month', 'week', 'color']
    .map(type => `input[type=${type}]`).join() + ', select, option';
  const ACTING = 'button, a[href], summary, [role=button], [role=link], [role=tab], [role=menuitem], ' + FIELDS;

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
  const targetOf = event => event.composedPath()[0];
  const acting = element => element.closest?.(ACTING) || element.closest?.('label')?.control || element;

  const mask = { on: false, host: null };
  const ours = event => mask.host !== null && event.composedPath().includes(mask.host);
  // Playwright's own bar and dialogs live in an element of their own.
  const theirs = event => event.composedPath().some(element => element.localName === 'x-pw-glass');
  const on = (kind, listener) => window.addEventListener(kind, event => {
    if (!mask.on && !ours(event) && !theirs(event)) listener(event);
  }, true);
  on('click', event => {
    const element = targetOf(event);
    if (!event.isTrusted) return;  // The page's own scripts click as well.
    // In these the browser draws what is clicked; they tell what was chosen by themselves.
    if (!(element instanceof Element) || element.matches(CHOOSERS)) return;
    send({ kind: 'click', count: event.detail, ...describe(acting(element)) });
  });
  on('auxclick', event => {
    if (event.isTrusted && event.button === 1 && targetOf(event) instanceof Element)
      send({ kind: 'click', ...describe(acting(targetOf(event))) });
  });
  on('contextmenu', event => {
    if (event.isTrusted && targetOf(event) instanceof Element) send({ kind: 'click', ...describe(acting(targetOf(event))) });
  });
  on('input', event => {
    const element = targetOf(event);
    // Boxes and files tell of themselves by a click and a change.
    if (!(element instanceof Element) || ['file', 'checkbox', 'radio'].includes(element.type)) return;
    const chosen = element.selectedOptions && [...element.selectedOptions];
    send({
      kind: 'input',
      value: element.isContentEditable ? element.innerText : String(element.value ?? ''),
      options: chosen ? chosen.map(option => ({ seen: clean(option.label), value: option.value })) : [],
      ...describe(element),
    });
  });
  on('keydown', event => {
    const element = targetOf(event);
    const isTyping = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isTyping && element.matches?.(FIELDS) && element.localName !== 'select') return;
    if (['Backspace', 'Delete', 'Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Process'].includes(event.key)) return;
    if (event.isTrusted && element instanceof Element) send({ kind: 'press', key: event.key, ...describe(element) });
  });
  on('change', async event => {
    const element = targetOf(event);
    if (!(element instanceof HTMLInputElement) || element.type !== 'file') return;
    const described = describe(element);
    const files = await Promise.all([...element.files].map(async file => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      return { name: file.name, data: btoa(text) };
    }));
    send({ kind: 'files', files, ...described });
  });

  if (window.top !== window || !__MASK_BUTTON__) return;
  // A closed shadow root, hidden from screen readers: neither the app nor the snapshots see it.
  const host = mask.host = document.createElement('smoke-mask');
  host.setAttribute('aria-hidden', 'true');
  host.style.cssText = 'position:fixed;right:12px;bottom:12px;z-index:2147483647';
  const shadow = host.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`button{font:13px system-ui,sans-serif;padding:6px 12px;border-radius:16px;border:1px solid #0003;
    background:#fffffff0;color:#222;box-shadow:0 1px 4px #0004;cursor:pointer} button.on{background:#222;color:#fff}`);
  shadow.adoptedStyleSheets = [sheet];
  const button = document.createElement('button');
  button.type = 'button';
  const draw = () => {
    button.textContent = mask.on ? 'Click what must not be seen' : 'Mask an area';
    button.className = mask.on ? 'on' : '';
  };
  draw();
  shadow.append(button);
  for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click', 'dblclick', 'auxclick']) {
    // On the window, so that neither the app nor the recorder, which listen further in, take it for the person's act.
    window.addEventListener(kind, event => {
      if (!ours(event) && !mask.on) return;
      event.stopImmediatePropagation();
      event.preventDefault();
      if (kind !== 'click') return;
      if (!ours(event)) {
        const element = targetOf(event);
        element.style.outline = '3px dashed #c2410c';
        send({ kind: 'mask', ...describe(acting(element)) });
      }
      mask.on = ours(event) && !mask.on;
      draw();
    }, true);
  }
  const place = () => document.documentElement && !host.isConnected && document.documentElement.append(host);
  document.addEventListener('DOMContentLoaded', place);
  if (document.readyState !== 'loading') place();
})();
