// One key each, as the help says; never while somebody types.
const PROBLEMS = ".failed, .error, .inconclusive, .warned";

const currentFlow = (among) => {
  const focused = document.activeElement?.closest(".flow") ?? document.querySelector(".reached")?.closest(".flow");
  return among.indexOf(focused);
};

const goTo = (among, by) => {
  if (!among.length) return;
  const all = flows.filter((flow) => !flow.hidden);
  // From a flow that is not among them, the way leads to the nearest that is.
  const from = currentFlow(all);
  const places = among.map((flow) => all.indexOf(flow));
  const next = by > 0 ? places.find((place) => place > from) : places.findLast((place) => place < from);
  const flow = all[next ?? (by > 0 ? places[0] : places.at(-1))];
  const untried = flow.closest(".untried");
  if (untried) untried.open = true;
  document.querySelector(".reached")?.classList.remove("reached");
  const place = flow.querySelector("summary") ?? flow;
  if (place === flow) flow.tabIndex = -1;
  place.focus({ preventScroll: true });
  flow.scrollIntoView({ block: "start" });
  choose({ at: flow.id });
  return flow;
};

const clear = () => {
  choose({ q: "", outcome: "", severity: "", tag: "" });
  applyFilter();
};

const KEYS = {
  j: () => goTo(flows.filter((flow) => !flow.hidden), 1),
  k: () => goTo(flows.filter((flow) => !flow.hidden), -1),
  n: () => openProblem(1),
  p: () => openProblem(-1),
  o: () => {
    const flow = flows[currentFlow(flows)];
    if (flow?.tagName === "DETAILS") flow.open = !flow.open;
  },
  x: clear,
  "/": () => document.querySelector('.finders [name="q"]').focus(),
  "?": () => document.getElementById("help").showModal(),
};

const openProblem = (by) => {
  const flow = goTo(flows.filter((each) => !each.hidden && each.matches(PROBLEMS)), by);
  if (flow?.tagName === "DETAILS") flow.open = true;
};

addEventListener("keydown", (event) => {
  const types = event.target.closest?.('input:not([type="radio"]), select, textarea');
  if (types && event.key === "Escape") types.blur();
  if (types || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
