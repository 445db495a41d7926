// The address after # holds what a reader chose and opened, so that it can be sent to somebody:
// #flow-login, or #q=cart&outcome=failed&at=flows/cart/1/03
const FIELDS = ["q", "outcome", "severity", "tag", "at"];
let chosen = {};

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const readAddress = () => {
  const text = location.hash.slice(1);
  if (!FIELDS.some((field) => text.startsWith(`${field}=`))) return { ...chosen, at: decoded(text) };
  const given = new URLSearchParams(text);
  return Object.fromEntries(FIELDS.map((field) => [field, given.get(field) ?? ""]));
};

const writeAddress = () => {
  const kept = FIELDS.filter((field) => chosen[field]);
  const spelled = kept.map((field) => `${field}=${encodeURIComponent(chosen[field]).replaceAll("%2F", "/")}`);
  const only = kept.length === 1 && kept[0] === "at" ? encodeURI(chosen.at) : spelled.join("&");
  history.replaceState(null, "", only ? `#${only}` : location.href.split("#")[0]);
};

const choose = (changes) => {
  chosen = { ...chosen, ...changes };
  writeAddress();
};

// Shows an element wherever it is: in closed flows, behind a tab, left out by a filter.
const reach = (id, scrolls = true) => {
  const found = id && document.getElementById(id);
  if (!found) return null;
  if (found.closest(".flow")?.hidden) {
    choose({ q: "", outcome: "", severity: "", tag: "" });
    applyFilter();
  }
  for (let up = found; up; up = up.parentElement) {
    if (up.tagName === "DETAILS") up.open = true;
    if (up.classList.contains("attempt")) showAttempt(up);
  }
  document.querySelector(".reached")?.classList.remove("reached");
  found.classList.add("reached");
  if (scrolls) found.scrollIntoView({ block: "start" });
  return found;
};

const followAddress = () => {
  chosen = readAddress();
  applyFilter();
  reach(chosen.at);
  writeAddress();
};
