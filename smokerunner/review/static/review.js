// The review page: decisions without reloading, keys, and the slider. Without it buttons are plain forms.

const VIEWS = ["side", "slider", "difference"];
const items = [...document.querySelectorAll(".item")];
const trouble = document.getElementById("trouble");
const help = document.getElementById("help");
const ask = document.getElementById("ask");
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

const isOpen = (item) => item.dataset.decision === "";
const openIn = (form) => [...form.closest(".flow").querySelectorAll(".item")].filter(isOpen);

function finish(open) {
  document.getElementById("all-done").hidden = open > 0;
  for (const form of document.querySelectorAll("form[data-flow]")) form.querySelector("button").disabled = openIn(form).length === 0;
}

// One request after the other: quick keys are answered in the order they were pressed.
let queue = Promise.resolve();

function inTurn(work) {
  queue = queue.then(work);
  return queue;
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

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target.method !== "post" || !button) return;
  event.preventDefault();
  const item = event.target.closest(".item");
  if (item) {
    choose(item);
    inTurn(() => post(button.getAttribute("formaction")));
  } else confirmAll(event.target);
});

const counted = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

async function confirmAll(form) {
  const flow = form.dataset.flow;
  const open = openIn(form);
  const fresh = open.filter((item) => item.dataset.state === "new").length;
  const said = [];
  if (open.length > fresh) said.push(`${counted(open.length - fresh, "approved picture")} will be replaced`);
  if (fresh) said.push(`${counted(fresh, "picture")} will be approved for the first time`);
  document.getElementById("ask-title").textContent = `Approve ${counted(open.length, "open picture")} of ${flow}?`;
  document.getElementById("ask-text").textContent = `${said.join(", ")}. Each can be taken back.`;
  ask.returnValue = "";
  ask.showModal();
  await new Promise((closed) => ask.addEventListener("close", closed, { once: true }));
  if (ask.returnValue === "yes") await inTurn(() => approveAll(form, open));
}

async function approveAll(form, open) {
  const button = form.querySelector("button");
  const label = button.textContent;
  const buttons = [...document.querySelectorAll('form[method="post"] button')];
  const lock = () => buttons.forEach((one) => { one.disabled = true; });
  let done = 0;
  for (const item of open.filter(isOpen)) {
    lock();
    button.textContent = `Approving ${done + 1} of ${open.length}…`;
    if (!(await post(`/items/${item.dataset.number}/approve`))) break;
    done += 1;
  }
  button.textContent = label;
  for (const one of buttons) one.disabled = false;
  finish(items.filter(isOpen).length);
  if (done) focus(open[0]);
}

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

function choose(item) {
  current?.removeAttribute("data-here");
  current = item;
  item.setAttribute("data-here", "");
}

function focus(item) {
  choose(item);
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "start" });
  history.replaceState(null, "", `#${item.id}`);
}

document.addEventListener("focusin", (event) => {
  const item = event.target.closest?.(".item");
  if (item) choose(item);
});

const DECISIONS = { a: "approve", r: "reject", d: "dynamic", u: "undo" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open || ask.open) return;
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
finish(items.filter(isOpen).length);
