// Earlier and now: side by side, one under the other with a slider, or what differs.
const sliderOf = (earlier, now, title, cut) => {
  const slider = document.createElement("div");
  slider.className = "slider";
  const pane = document.createElement("div");
  const names = [earlier, now].map((shot) => shot.closest("figure").querySelector("b").textContent);
  for (const shown of [earlier, now]) {
    const picture = document.createElement("img");
    picture.src = (shown.querySelector(".file") ?? shown.querySelector("img")).src;
    picture.alt = "";
    pane.append(picture);
  }
  const input = document.createElement("input");
  input.type = "range";
  input.value = cut;
  input.setAttribute("aria-label", `${title}: ${names[0]} to the left, ${names[1]} to the right`);
  const move = () => slider.style.setProperty("--cut", `${input.value}%`);
  input.addEventListener("input", move);
  move();
  const labels = document.createElement("p");
  labels.append(...names.map((name, at) => {
    const label = document.createElement("span");
    label.textContent = at ? `${name} →` : `← ${name}`;
    return label;
  }));
  pane.append(document.createElement("i"), input);
  slider.append(pane, labels);
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
      slider = sliderOf(earlier, now, title, looks.dataset.cut);
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
