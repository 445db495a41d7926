// Earlier and now: side by side, one under the other with a slider, or what differs.
const sliderOf = (earlier, now, title) => {
  const slider = document.createElement("div");
  slider.className = "slider";
  for (const shown of [earlier, now]) {
    const picture = document.createElement("img");
    picture.src = (shown.querySelector(".file") ?? shown.querySelector("img")).src;
    picture.alt = "";
    slider.append(picture);
  }
  const input = document.createElement("input");
  input.type = "range";
  input.value = 50;
  input.setAttribute("aria-label", `${title}: earlier to the left, now to the right`);
  input.addEventListener("input", () => slider.style.setProperty("--cut", `${input.value}%`));
  const names = ["earlier", "now"].map((name) => {
    const label = document.createElement("span");
    label.textContent = name;
    return label;
  });
  slider.append(document.createElement("i"), input, ...names);
  return slider;
};

for (const looks of document.querySelectorAll(".looks")) {
  const [earlier, now, difference] = ["earlier", "after", "difference"].map((kind) => looks.querySelector(`figure.${kind} a.shot`));
  if (!earlier || !now) continue;
  const title = looks.closest(".panel").querySelector(".at h4").textContent.trim();
  let slider = null;
  const views = [["both", "Side by side"], ["slider", "Slider"], ...(difference ? [["difference", "Difference"]] : [])];
  const buttons = views.map(([view, name]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => show(view));
    return button;
  });
  const show = (view) => {
    looks.dataset.view = view;
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(views[at][0] === view)));
    if (view === "slider" && !slider) {
      slider = sliderOf(earlier, now, title);
      bar.after(slider);
    }
    if (slider) slider.hidden = view !== "slider";
  };
  const bar = document.createElement("div");
  bar.className = "switch";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "How to compare");
  bar.append(...buttons);
  looks.prepend(bar);
  show("both");
}
