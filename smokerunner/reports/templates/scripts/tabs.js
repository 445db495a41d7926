// Attempts stand below each other without scripts, and behind tabs with them.
const showAttempt = (attempt) => {
  for (const other of attempt.parentElement.querySelectorAll(".attempt")) other.toggleAttribute("data-shown", other === attempt);
  for (const tab of attempt.parentElement.querySelectorAll('[role="tab"]')) {
    const isShown = tab.getAttribute("aria-controls") === attempt.id;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
  }
};

for (const attempts of document.querySelectorAll(".attempts")) {
  const list = document.createElement("div");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Attempts");
  for (const attempt of attempts.querySelectorAll(".attempt")) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `tab-${attempt.id}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", attempt.id);
    tab.append(attempt.querySelector(".badge").cloneNode(true), attempt.dataset.name);
    tab.addEventListener("click", () => {
      showAttempt(attempt);
      choose({ at: attempt.id });
    });
    attempt.setAttribute("role", "tabpanel");
    attempt.setAttribute("aria-labelledby", tab.id);
    list.append(tab);
  }
  list.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const tabs = [...list.children];
    const next = tabs[(tabs.indexOf(document.activeElement) + by + tabs.length) % tabs.length];
    next.click();
    next.focus();
  });
  attempts.prepend(list);
  attempts.classList.add("tabbed");
  showAttempt(attempts.querySelector("[data-shown]") ?? attempts.querySelector(".attempt"));
}
