// Runs in a world of our own in every document, before the app's own scripts: what may be asked of a page without any
// script of its own noticing. Evaluates to an object of functions.
(() => {
  const MOVING = /^(canvas|video|audio|object|embed|marquee|animate|animateMotion|animateTransform|set)$/;
  const MOVING_FILE = /\.(gif|apng|webp|avif)([?#]|$)|^data:image\/(gif|apng|webp|avif)/i;

  function* roots(root) {
    yield root;
    for (const one of root.querySelectorAll('*')) if (one.shadowRoot !== null) yield* roots(one.shadowRoot);
  }

  // --- What the page shows and holds, as one short text that stays as long as that does; null when some of it can
  // change unseen. ---

  // What it was when somebody last asked. To compare the texts here is quicker than to sum them up.
  const held = {text: null, times: 0};

  // `before` a picture that brings what ends by itself to its end, such an animation may still run.
  const state = before => {
    const parts = [location.href, innerWidth, innerHeight, devicePixelRatio, document.readyState];
    let number = 0;
    const ends = one => before && one.effect !== null && one.effect.getComputedTiming().endTime !== Infinity;
    const isStill = root => {
      if (root.getAnimations().some(one => one.playState === 'running' && !ends(one))) return false;
      if (root.fonts && root.fonts.status !== 'loaded') return false;
      for (const sheet of root.adoptedStyleSheets) if (sheet !== noCaret) parts.push(sheet.cssRules.length);
      for (const one of root.querySelectorAll('*')) {
        number += 1;
        if (number > 20000 || MOVING.test(one.localName)) return false;
        if (one.scrollTop || one.scrollLeft) parts.push(number, one.scrollTop, one.scrollLeft);
        if (one === root.activeElement) parts.push(number);
        if ('value' in one) parts.push(one.value, one.checked, one.indeterminate, one.selectedIndex);
        if (one.localName === 'progress' && !one.hasAttribute('value')) return false;
        if (one.localName === 'img') {
          if (!one.complete || MOVING_FILE.test(one.currentSrc)) return false;
          parts.push(one.currentSrc, one.naturalWidth);
        }
        if (one.localName === 'iframe' || one.localName === 'frame') {
          const inner = one.contentDocument;
          if (inner === null ? one.getClientRects().length > 0 : !holds(inner)) return false;
        }
        if (one.shadowRoot !== null) {
          push(one.shadowRoot.innerHTML);
          if (!isStill(one.shadowRoot)) return false;
        }
      }
      return true;
    };
    // Hiding the caret for a picture leaves an empty attribute behind.
    const push = markup => parts.push(markup.replaceAll(' style=""', ''));
    const holds = page => {
      push(page.documentElement ? page.documentElement.outerHTML : '');
      const chosen = page.getSelection();
      if (chosen && !chosen.isCollapsed) parts.push(chosen.anchorOffset, chosen.focusOffset, String(chosen));
      return isStill(page);
    };
    if (!holds(document)) return null;
    if (performance.getEntriesByType('resource').some(one => MOVING_FILE.test(one.name))) return null;
    const text = parts.join('\u0001');
    if (text !== held.text) { held.text = text; held.times += 1; }
    return `${number}-${text.length}-${held.times}`;
  };

  // --- Whether a picture can be taken just as the page stands. ---

  // The caret blinks, so it would be in some pictures and not in others. The sheet stays: taking it away would paint
  // the page once more, and nobody looks.
  const noCaret = new CSSStyleSheet();
  noCaret.replaceSync('* { caret-color: transparent !important; }');
  const hideCaret = () => {
    let root = document;
    for (let one = document.activeElement; one; one = one.shadowRoot && one.shadowRoot.activeElement) root = one.getRootNode();
    if (!root.adoptedStyleSheets.includes(noCaret)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, noCaret];
  };

  // Says yes too often rather than too seldom: whoever hears yes looks for the places themselves.
  const reveals = secrets => {
    if (!secrets.length) return false;
    // Capitals, as the small form of some letters depends on what stands beside them.
    const squeeze = text => text.toUpperCase().replace(/\s+/g, '');
    const wanted = secrets.map(squeeze).filter(Boolean);
    const said = [];
    for (const root of roots(document)) {
      said.push((root === document ? document.documentElement : root)?.textContent ?? '');
      for (const one of root.querySelectorAll('*')) {
        for (const attribute of one.attributes) said.push(attribute.value);
        if (typeof one.value === 'string') said.push(one.value);
        for (const part of ['::before', '::after']) {
          const content = getComputedStyle(one, part).content;
          if (content && content !== 'none' && content !== 'normal') said.push(content);
        }
      }
    }
    const everything = squeeze(said.join('\u0001'));
    return wanted.some(one => everything.includes(one));
  };

  const isPlain = secrets => {
    if (devicePixelRatio !== 1 || visualViewport.scale !== 1 || document.readyState === 'loading') return false;
    for (const root of roots(document)) {
      if (root.fonts && root.fonts.status !== 'loaded') return false;
      if (root.getAnimations().some(one => one.playState !== 'finished' && one.playState !== 'idle')) return false;
      if (root.querySelector('iframe, frame, object, embed') !== null) return false;
    }
    return !reveals(secrets);
  };

  const look = secrets => {
    hideCaret();
    return {plain: isPlain(secrets), state: state(true)};
  };

  const rested = frames => new Promise(done => {
    const next = () => frames-- > 0 ? requestAnimationFrame(next) : done();
    next();
  });

  // --- Web vitals, by the rules of web.dev/articles/vitals. ---

  // Observers are made once a document and see what was before them, too. Shifts less than 1 s apart count together,
  // for at most 5 s; of every 50 interactions the slowest is left out.
  const measuring = () => {
    const seen = {lcp: null, cls: 0, shifts: 0, first: 0, last: 0, painted: false, acts: new Map()};
    const take = {
      'paint': entry => { seen.painted ||= entry.name === 'first-contentful-paint'; },
      'largest-contentful-paint': entry => { seen.lcp = entry.startTime; },
      'layout-shift': entry => {
        if (entry.hadRecentInput) return;
        const at = entry.startTime;
        const goesOn = seen.shifts && at - seen.last < 1000 && at - seen.first < 5000;
        if (!goesOn) { seen.shifts = 0; seen.first = at; }
        seen.shifts += entry.value;
        seen.last = at;
        seen.cls = Math.max(seen.cls, seen.shifts);
      },
      'event': entry => {
        const id = entry.interactionId;
        if (id) seen.acts.set(id, Math.max(seen.acts.get(id) || 0, entry.duration));
      },
    };
    take['first-input'] = take.event;
    const observers = Object.entries(take).map(([type, one]) => {
      const each = entries => entries.forEach(one);
      const observer = new PerformanceObserver(list => each(list.getEntries()));
      observer.observe({type, buffered: true, durationThreshold: 16});
      return () => each(observer.takeRecords());
    });
    return () => {
      observers.forEach(catchUp => catchUp());
      const durations = [...seen.acts.values()].sort((a, b) => b - a);
      const loaded = performance.getEntriesByType('navigation')[0];
      return {
        url: loaded ? loaded.name : location.href,
        began: performance.timeOrigin,
        lcp: seen.lcp,
        cls: seen.painted ? seen.cls : null,
        inp: durations[Math.min(durations.length - 1, Math.floor(durations.length / 50))] ?? null,
      };
    };
  };
  const vitals = /^https?:$/.test(location.protocol) ? measuring() : () => null;

  const name = crypto.getRandomValues(new Uint32Array(2)).join('-');
  return {name, look, rested, state, vitals};
})()
