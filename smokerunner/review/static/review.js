// The review page: decisions without reloading, keys, and the slider. Without it buttons are plain forms.

const VIEWS = ["side", "slider", "difference"];
const items = [...document.querySelectorAll(".item")];
const trouble = document.getElementById("trouble");
const help = document.getElementById("help");
const onlyOpen = document.getElementById("only-open");

for (const tool of document.querySelectorAll(".views, .only, #show-help")) tool.hidden = false;

// --- What is shown; it stays over a reload ---

function show(view) {
  document.body.dataset.view = view;
  document.querySelector(`input[name="view"][value="${view}"]`).checked = true;
  sessionStorage.setItem("view", view);
}

function narrow(only) {
  onlyOpen.checked = only;
  document.body.toggleAttribute("data-only-open", only);
  sessionStorage.setItem("only-open", only ? "yes" : "");
}

const kept = sessionStorage.getItem("view");
show(VIEWS.includes(kept) ? kept : "side");
narrow(sessionStorage.getItem("only-open") === "yes");
for (const choice of document.querySelectorAll('input[name="view"]')) choice.addEventListener("change", () => show(choice.value));
onlyOpen.addEventListener("change", () => narrow(onlyOpen.checked));

for (const slider of document.querySelectorAll(".slider")) {
  const range = slider.querySelector("input");
  const move = () => slider.style.setProperty("--at", `${range.value}%`);
  range.addEventListener("input", move);
  move();
}

// --- Decisions ---

function tell({ items: decided, counts }) {
  for (const [number, decision] of Object.entries(decided)) {
    const item = document.getElementById(`item-${number}`);
    item.dataset.decision = decision;
    item.querySelector("[data-badge]").textContent = decision;
  }
  const open = counts.open ?? 0;
  document.getElementById("progress").value = counts.total - open;
  document.getElementById("counts").textContent = `${open} of ${counts.total} open`;
  finish(open);
}

function finish(open) {
  document.getElementById("all-done").hidden = open > 0;
}

async function post(address) {
  trouble.hidden = true;
  try {
    const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(await answer.text());
    tell(await answer.json());
    return true;
  } catch (wrong) {
    trouble.textContent = `That was not done: ${wrong.message || "the program has ended"}`;
    trouble.hidden = false;
    return false;
  }
}

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (event.target.method !== "post" || !button) return;
  event.preventDefault();
  const item = event.target.closest(".item");
  const done = await post(button.getAttribute("formaction") ?? event.target.action);
  if (done && item && button.dataset.decision !== "undo") step(1, item);
});

// --- Keys ---

let current = items.find((item) => item.matches(":target")) ?? null;

function shown() {
  return items.filter((item) => item === current || item.checkVisibility());
}

function step(by, from = current) {
  const row = shown();
  const next = from === null ? 0 : row.indexOf(from) + by;
  if (row[next]) focus(row[next]);
  else if (from) focus(from);
}

function focus(item) {
  current = item;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "start" });
  history.replaceState(null, "", `#${item.id}`);
}

document.addEventListener("focusin", (event) => {
  current = event.target.closest?.(".item") ?? current;
});

const DECISIONS = { a: "approve", r: "reject", d: "dynamic", u: "undo" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "?") help.showModal();
  else if (event.key === "v") show(VIEWS[(VIEWS.indexOf(document.body.dataset.view) + 1) % VIEWS.length]);
  else if (event.key === "o") narrow(!onlyOpen.checked);
  else if (event.key in DECISIONS && current) {
    current.querySelector(`button[data-decision="${DECISIONS[event.key]}"]`)?.click();
  } else return;
  event.preventDefault();
});

document.getElementById("show-help").addEventListener("click", () => help.showModal());
finish(items.filter((item) => item.dataset.decision === "").length);
