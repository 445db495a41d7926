// A picture large, and from there through all steps of the attempt.
const viewer = document.getElementById("viewer");
const place = document.getElementById("viewer-picture");
const NAMES = { before: "Before", after: "After", earlier: "Earlier", difference: "Difference" };
let cards = [];
let shown = 0;
let kind = "";

// The words below a picture are those above it when it is large.
const nameOf = (shot) => (kindOf(shot) === "earlier" && shot.closest("figure")?.querySelector("b")?.textContent) || NAMES[kindOf(shot)];

const there = (shot) => !document.body.classList.contains("pictureless") || shot.classList.contains("held");

const kindOf = (shot) => Object.keys(NAMES).find((name) => shot.classList.contains(name));

const panelOf = (card) => document.getElementById(decoded(card.querySelector('.told a[href^="#"]')?.getAttribute("href").slice(1) ?? ""));

const pageOf = (card, at, all) => {
  const panel = panelOf(card);
  const shots = [...(panel ?? card).querySelectorAll("a.shot")].filter(there);
  // The page after an act is what the next card begins with.
  const next = all[at + 1]?.querySelector("a.shot");
  if (shots.length === 1 && kindOf(shots[0]) === "before" && next) {
    const after = next.cloneNode(true);
    after.className = "shot after";
    after.querySelector("svg")?.remove();
    shots.push(after);
  }
  return {
    id: (panel ?? card).id,
    title: `${card.querySelector("h4").textContent.trim()} ${card.querySelector(".took")?.textContent ?? ""}`,
    shots: new Map(shots.map((shot) => [kindOf(shot), shot])),
  };
};

const draw = () => {
  const { title, shots } = cards[shown];
  const names = Object.keys(NAMES).filter((name) => shots.has(name));
  const now = shots.has(kind) ? kind : names.includes("after") ? "after" : names[0];
  const copy = shots.get(now).cloneNode(true);
  for (const picture of copy.querySelectorAll("img")) picture.loading = "eager";
  place.replaceChildren(copy);
  place.scrollTop = 0;
  document.getElementById("viewer-title").textContent = `${title} (${shown + 1} of ${cards.length})`;
  const views = names.map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = nameOf(shots.get(name));
    button.dataset.kind = name;
    button.setAttribute("aria-pressed", String(name === now));
    return button;
  });
  viewer.querySelector(".views").replaceChildren(...(names.length > 1 ? views : []));
  choose({ at: cards[shown].id });
};

const turn = (by) => {
  shown = (shown + by + cards.length) % cards.length;
  draw();
};

const nextKind = () => {
  const names = [...viewer.querySelectorAll(".views button")].map((button) => button.dataset.kind);
  const now = names.indexOf(kindOf(place.firstElementChild));
  if (names.length) kind = names[(now + 1) % names.length];
  draw();
};

document.querySelector("main").addEventListener("click", (event) => {
  const shot = event.target.closest("a.shot");
  if (!shot || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const around = shot.closest(".attempt, .inside");
  const strip = shot.closest(".strip") ?? around.querySelector(".attempt[data-shown] .strip") ?? around.querySelector(".strip");
  const all = [...(strip?.querySelectorAll(".step") ?? [])];
  cards = all.map(pageOf).filter((page) => page.shots.size);
  const id = shot.closest(".panel")?.id ?? pageOf(shot.closest(".step"), 0, []).id;
  shown = cards.findIndex((page) => page.id === id);
  if (shown < 0) {
    const panel = shot.closest(".panel");
    const shots = [...panel.querySelectorAll("a.shot")].filter(there);
    cards = [{ id, title: panel.querySelector(".at h4").textContent.trim(), shots: new Map(shots.map((each) => [kindOf(each), each])) }];
    shown = 0;
  }
  kind = kindOf(shot);
  draw();
  viewer.showModal();
});

viewer.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.go) turn(Number(button.dataset.go));
  if (button?.dataset.kind) {
    kind = button.dataset.kind;
    draw();
    viewer.querySelector(`[data-kind="${kind}"]`).focus();
  }
});
viewer.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by) turn(by);
  if (event.key === "v") nextKind();
});

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
for (const button of document.querySelectorAll("[data-open]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.open).showModal());
}
