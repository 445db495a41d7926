// Which flows are shown: by outcome, severity, tag, and words anywhere in them.
const flows = [...document.querySelectorAll(".flow")];
const words = new Map();
const textOf = (element) => {
  if (!words.has(element)) words.set(element, element.textContent.toLowerCase());
  return words.get(element);
};
// The report leaves out the app's own host, which is the same for nearly every address.
const holds = (element, wanted) =>
  wanted.every((word) => textOf(element).includes(word) || textOf(element).includes(word.replace(/^https?:\/\/[^/]+/, "") || word));

const applyFilter = () => {
  const { q = "", outcome = "", severity = "", tag = "" } = chosen;
  const wanted = q.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const flow of flows) {
    const fits =
      (!outcome || flow.classList.contains(outcome)) &&
      (!severity || flow.dataset.severity === severity) &&
      (!tag || (flow.dataset.tags ?? "").split("\n").includes(tag)) &&
      holds(flow, wanted);
    flow.hidden = !fits;
    shown += fits;
    for (const step of flow.querySelectorAll(".step")) step.classList.toggle("hit", fits && wanted.length > 0 && holds(step, wanted));
  }
  for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector(".flow:not([hidden])");
  const isFiltered = Boolean(wanted.length || outcome || severity || tag);
  for (const untried of document.querySelectorAll("details.untried"))
    if (isFiltered && !untried.closest(".group").hidden) untried.open = true;
  const found = document.getElementById("found");
  found.textContent = !isFiltered
    ? ""
    : shown
      ? `Showing ${shown} of ${flows.length} ${found.dataset.what ?? "flows"}.`
      : `No ${found.dataset.noun ?? "flow"} is like that. Press x, or choose all and empty the search.`;
  for (const [name, value] of Object.entries({ q, severity, tag })) {
    const field = document.querySelector(`.finders [name="${name}"]`);
    if (field && field.value !== value) field.value = value;
  }
  for (const radio of document.querySelectorAll('[name="outcome"]')) radio.checked = radio.value === outcome;
};

for (const field of document.querySelectorAll(".toolbar [name]")) {
  field.addEventListener(field.type === "search" ? "input" : "change", () => {
    choose({ [field.name]: field.value });
    applyFilter();
  });
}
document.querySelector(".finders").hidden = false;

document.getElementById("flows").addEventListener("click", (event) => {
  const summary = event.target.closest(".flow > summary");
  if (!summary) return;
  // The click opens or closes it only after this.
  choose({ at: summary.parentElement.open ? "" : summary.parentElement.id });
});
