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
  /* ways.js */
  const CHOOSERS = ['file', 'range', 'date', 'time', 'datetime-local', 'month', 'week', 'color']
    .map(type => `input[type=${type}]`).join() + ', select, option';
  const ACTING = 'button, a[href], summary, [role=button], [role=link], [role=tab], [role=menuitem], ' + FIELDS;

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
