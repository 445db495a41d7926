"use strict";
(() => {
  // Everything below is comfort: the report is complete without it.
  const open = (id) => {
    const found = id && document.getElementById(decodeURIComponent(id));
    for (let up = found; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (found) found.scrollIntoView({ block: "start" });
  };
  addEventListener("hashchange", () => open(location.hash.slice(1)));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) open(link.hash.slice(1));
  });
  open(location.hash.slice(1));

  if (navigator.clipboard) {
    for (const code of document.querySelectorAll("code.copy")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copier";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1500);
      });
      code.after(button);
    }
  }

  const viewer = document.getElementById("viewer");
  if (!viewer.showModal) return;
  const place = document.getElementById("viewer-picture");
  let shots = [];
  let shown = 0;
  const show = (index) => {
    shown = (index + shots.length) % shots.length;
    const copy = shots[shown].cloneNode(true);
    copy.querySelector("img").loading = "eager";
    copy.querySelector(".same")?.remove();
    place.replaceChildren(copy);
    document.getElementById("viewer-title").textContent =
      `${shots[shown].dataset.title} (${shown + 1} of ${shots.length})`;
    place.scrollTop = 0;
  };
  document.querySelector("main").addEventListener("click", (event) => {
    const shot = event.target.closest("a.shot");
    if (!shot || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // A step that went wrong has two pictures, in its panel and in the strip: they are one here.
    const around = shot.closest("details");
    const all = [...around.querySelectorAll("a.shot")].filter((other) => other.closest("details") === around);
    const strip = all.filter((other) => other.closest(".strip"));
    shots = strip.length ? strip : all;
    const index = shots.findIndex((other) => other.dataset.title === shot.dataset.title);
    if (index < 0) shots = [shot];
    show(Math.max(index, 0));
    viewer.showModal();
  });
  const go = (by) => (by ? show(shown + by) : viewer.close());
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) go(Number(button.dataset.go));
    else if (event.target === viewer) viewer.close();
  });
  viewer.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") go(-1);
    if (event.key === "ArrowRight") go(1);
  });
})();
