// The checkout: the total follows the delivery; the card's token comes from the provider's frame, then the order
// is placed without leaving the page.
const form = document.querySelector("[data-checkout]");
const button = form.querySelector("[data-testid=place-order]");
const problem = form.querySelector("[data-problem]");
const frame = form.querySelector("iframe");
const provider = new URL(frame.src).origin;
const money = (cents) => `€${(cents / 100).toFixed(2)}`;

const reckon = () => {
  const delivery = Number(form.elements.delivery.selectedOptions[0].dataset.cents);
  const goods = Number(form.dataset.cents);
  form.querySelector("[data-delivery]").textContent = delivery === 0 ? "Free" : money(delivery);
  form.querySelector("[data-testid=order-total]").textContent = money(goods + delivery);
};

const settle = (busy, text) => {
  button.disabled = busy;
  form.setAttribute("aria-busy", busy);
  problem.textContent = text;
  problem.hidden = !text;
};

form.elements.delivery.addEventListener("change", reckon);

// The bank's page, which says approved or refused; the provider has told the shop by then.
const ask = (page, order) => {
  const dialog = document.createElement("dialog");
  const bank = document.createElement("iframe");
  Object.assign(bank, { title: "Confirmation by your bank", src: page, className: "bank-frame" });
  dialog.append(bank);
  document.body.append(dialog);
  const hear = (event) => {
    if (event.origin !== provider || event.source !== bank.contentWindow) return;
    window.removeEventListener("message", hear);
    dialog.remove();
    if (event.data.type === "approved") location.assign(order);
    else settle(false, "Your bank did not confirm the payment. Nothing was ordered.");
  };
  window.addEventListener("message", hear);
  // Leaving the dialog with Escape would leave an order that nobody can pay any more.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.showModal();
};

const place = async (token) => {
  form.elements.card_token.value = token;
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (response.redirected) return location.assign(response.url);
  const isJson = response.headers.get("content-type") === "application/json";
  const answer = isJson ? await response.json() : { problem: "That did not work. Please reload the page." };
  if (answer.confirm) return ask(answer.confirm, answer.order);
  if (answer.order) return location.assign(answer.order);
  settle(false, answer.problem);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  settle(true, "");
  frame.contentWindow.postMessage({ type: "tokenize" }, provider);
});

window.addEventListener("message", (event) => {
  if (event.origin !== provider || event.source !== frame.contentWindow) return;
  if (event.data.type === "token") place(event.data.token);
  else if (event.data.type === "problem") settle(false, event.data.text);
});

// A page restored by the back button would still be waiting for its answer.
window.addEventListener("pageshow", () => settle(false, problem.textContent));
reckon();
