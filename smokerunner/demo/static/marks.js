// Paints the strip that smokerunner.demo.marks describes, and keeps it true after every act of the user.
(() => {
  const flowCrc = Number(document.currentScript.dataset.flow);
  const head = [1, 1, 1, 0, 0, 1, 0, 1];
  const tail = [1, 0, 1, 0, 0, 1, 1, 1];
  const block = 6;
  const svg = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

  const crc16 = (text) => {
    let crc = 0xffff;
    for (const byte of new TextEncoder().encode(text)) {
      crc ^= byte << 8;
      for (let bit = 0; bit < 8; bit += 1) {
        crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
      }
    }
    return crc;
  };

  const bitsOf = (number) => Array.from({ length: 16 }, (_, index) => (number >> (15 - index)) & 1);
  const acts = () => Number(sessionStorage.getItem("acorn-acts") ?? 0);

  const strip = svg("svg");
  const paper = svg("rect");
  const ink = svg("path");
  const width = (head.length + 48 + tail.length) * block;
  strip.setAttribute("aria-hidden", "true");
  strip.setAttribute("width", width);
  strip.setAttribute("height", block);
  strip.setAttribute("shape-rendering", "crispEdges");
  strip.style.cssText =
    "position:fixed;top:0;left:0;z-index:2147483647;pointer-events:none;display:block;margin:0;opacity:1";
  paper.setAttribute("width", width);
  paper.setAttribute("height", block);
  paper.setAttribute("fill", "#fff");
  ink.setAttribute("fill", "#000");
  strip.append(paper, ink);
  // What darkens the page behind a dialog lies above everything, the strip too.
  const clear = new CSSStyleSheet();
  clear.replaceSync("dialog::backdrop { background: none !important; }");
  document.adoptedStyleSheets.push(clear);

  const paint = () => {
    const bits = [...head, ...bitsOf(flowCrc), ...bitsOf(crc16(location.pathname)), ...bitsOf(acts()), ...tail];
    ink.setAttribute(
      "d",
      bits.map((bit, index) => (bit ? `M${index * block} 0h${block}v${block}h-${block}z` : "")).join(""),
    );
  };

  const count = (event) => {
    if (!event.isTrusted) return;
    sessionStorage.setItem("acorn-acts", (acts() + 1) % 65536);
    paint();
  };

  for (const type of ["click", "input"]) window.addEventListener(type, count, { capture: true });
  window.addEventListener("pageshow", paint);
  paint();
  document.documentElement.append(strip);
})();
