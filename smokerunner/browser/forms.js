// What a page offers to whoever wants to log in, register or look around: forms with their fields and buttons, links,
// and a banner that asks for consent. Runs once in the page and changes nothing there.
() => {
/* ways.js */
  const BUTTONS = 'button, input[type=submit], input[type=image], input[type=button], [role=button], summary';
  const NO_FIELDS = ['hidden', 'submit', 'image', 'button', 'reset'];
  const CONSENT = /cookie|consent|gdpr|dsgvo|rgpd|\bcmp\b|kakor|galletas|datenschutz|privacy/i;
  const CAPTCHAS = {
    'reCAPTCHA': '.g-recaptcha, [name=g-recaptcha-response], iframe[src*="recaptcha"], script[src*="recaptcha/"]',
    'hCaptcha': '.h-captcha, [name=h-captcha-response], iframe[src*="hcaptcha.com"]',
    'Turnstile': '.cf-turnstile, [name=cf-turnstile-response], iframe[src*="challenges.cloudflare.com"]',
    'CAPTCHA': 'altcha-widget, .frc-captcha, input[name*="captcha" i], img[src*="captcha" i]',
  };
  const elements = [];
  const keep = element => elements.push(element) - 1;
  const shown = element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1
      && (!element.checkVisibility || element.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  };
  const wordsOf = element => clean(element.getAttribute('aria-label') || element.innerText || element.value
    || element.getAttribute('alt') || element.title).slice(0, 80);
  const all = (selector, holder = document) => [...holder.querySelectorAll(selector)];
  const stable = element => element.id && !/\d{3}|[0-9a-f]{8}|:/i.test(element.id) ? `#${CSS.escape(element.id)}` : '';

  const fieldOf = element => ({
    ...describe(element),
    index: keep(element),
    label: labelOf(element),
    placeholder: clean(element.getAttribute('placeholder')),
    required: element.required === true || element.getAttribute('aria-required') === 'true',
    shown: shown(element) || (['checkbox', 'radio'].includes(element.type) && [...element.labels || []].some(shown)),
    checked: element.checked === true,
    options: [...element.options || []].filter(option => option.value && !option.disabled)
      .map(option => clean(option.label)).slice(0, 5),
  });
  const buttonOf = element => ({
    index: keep(element),
    words: wordsOf(element),
    type: element.localName === 'button' || element.localName === 'input' ? element.type : '',
    shown: shown(element),
    opens: element.localName === 'summary' || element.hasAttribute('aria-haspopup')
      || element.getAttribute('aria-expanded') === 'false' || /dropdown/.test(element.dataset.toggle || element.dataset.bsToggle),
  });
  const headingOf = holder => {
    const inside = holder.querySelector('h1, h2, h3, h4, legend');
    if (inside) return clean(inside.innerText).slice(0, 80);
    for (let around = holder; around && around !== document.body; around = around.parentElement)
      for (let before = around.previousElementSibling; before; before = before.previousElementSibling) {
        const found = before.matches('h1, h2, h3, h4') ? before : [...before.querySelectorAll('h1, h2, h3, h4')].pop();
        if (found) return clean(found.innerText).slice(0, 80);
      }
    return '';
  };
  const captchaOf = holder => Object.keys(CAPTCHAS).find(name => holder.querySelector(CAPTCHAS[name])) || '';
  const isField = element => !NO_FIELDS.includes(element.type) && element.localName !== 'button';
  const formOf = (holder, fields) => ({
    id: holder.id || '',
    name: holder.getAttribute('name') || '',
    action: holder.localName === 'form' ? holder.getAttribute('action') || '' : '',
    method: holder.localName === 'form' ? holder.method : '',
    role: holder.getAttribute('role') || (holder.closest('search') ? 'search' : ''),
    css: stable(holder),
    heading: headingOf(holder),
    captcha: captchaOf(holder),
    fields: fields.map(fieldOf),
    buttons: all(BUTTONS, holder).map(buttonOf),
  });

  const forms = all('form').map(form => formOf(form, [...form.elements].filter(e => e.matches(FIELDS) && isField(e))));
  // Apps drawn by scripts often have no <form>: what stands around the first telling field is taken for one.
  const loose = all(FIELDS).filter(element => isField(element) && !element.form && !element.closest('form'));
  const first = loose.find(e => e.type === 'password') || loose.find(e => e.type === 'email');
  if (first) {
    let holder = first.parentElement;
    const telling = loose.filter(e => ['password', 'email', 'text'].includes(e.type) && shown(e));
    while (holder !== document.body && !(holder.querySelector(BUTTONS) && telling.every(e => holder.contains(e))))
      holder = holder.parentElement;
    forms.push(formOf(holder, loose.filter(element => holder.contains(element))));
  }

  const floats = element => ['fixed', 'sticky'].includes(getComputedStyle(element).position);
  const asks = all('dialog[open], [role=dialog], [role=alertdialog], [role=region], div, section, aside, form')
    .slice(0, 3000).filter(element => {
      const named = CONSENT.test(`${element.id} ${element.className}`);
      if (!(named || element.matches('dialog, [role]') || floats(element)) || !shown(element)) return false;
      return CONSENT.test(clean(element.innerText).slice(0, 800)) && all(`${BUTTONS}, a`, element).some(shown);
    });
  // The innermost one: around it the page itself may stand.
  const banner = asks.find(element => !asks.some(other => other !== element && element.contains(other)));

  const loud = '[role=alert], [aria-live=assertive], .alert, .error, .errors, .errorlist, .invalid-feedback, '
    + '.error-block, .help-critical, .message-error, #login_error, .form-error';
  const data = {
    url: location.href,
    title: document.title,
    forms,
    captcha: captchaOf(document),
    links: all('a[href]').slice(0, 400).map(a => ({ words: wordsOf(a), url: a.href, shown: shown(a) })),
    buttons: all(BUTTONS).filter(e => !e.form || e.type !== 'submit' || e.form.elements.length < 6).map(buttonOf),
    banner: banner ? { words: clean(banner.innerText).slice(0, 300),
      buttons: all(`${BUTTONS}, a`, banner).filter(shown).map(wordsOf) } : null,
    alerts: [...new Set(all(loud).filter(shown).map(e => clean(e.innerText).slice(0, 200)).filter(Boolean))].slice(0, 5),
  };
  return { data, elements };
}
