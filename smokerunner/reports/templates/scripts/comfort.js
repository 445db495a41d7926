// Copying, printing, reading the timeline, and saying so when the page was opened alone.
if (navigator.clipboard) {
  for (const code of document.querySelectorAll("code.copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copier";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${code.textContent}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    code.after(button);
  }
}

const readout = document.getElementById("readout");
for (const bar of document.querySelectorAll(".bar")) {
  const tell = () => (readout.textContent = bar.querySelector("title").textContent.trim().replace(/\s*\n\s*/g, " · "));
  bar.addEventListener("mouseenter", tell);
  bar.addEventListener("focus", tell);
}

document.getElementById("scriptless")?.remove();
const neighbour = document.querySelector('main .shot img[src^="./"]');
if (neighbour) {
  const probe = new Image();
  probe.addEventListener("error", () => {
    document.getElementById("alone").hidden = false;
    document.body.classList.add("pictureless");
  });
  probe.src = neighbour.src;
}

addEventListener("beforeprint", () => {
  for (const flow of document.querySelectorAll("details:is(.failed, .error, .inconclusive), details.untried")) flow.open = true;
  for (const picture of document.querySelectorAll("details[open] img")) picture.loading = "eager";
});

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  // The same address once more changes nothing, and a reader still wants to get there.
  if (link) setTimeout(() => reach(decoded(link.getAttribute("href").slice(1))));
});
addEventListener("hashchange", followAddress);
followAddress();
