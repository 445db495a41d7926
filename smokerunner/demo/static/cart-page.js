// The cart page: totals are worked out here, changes go to the server.
import { change, money, remove } from "/static/cart.js";

const cart = document.querySelector("[data-cart]");
const total = document.querySelector("[data-testid=cart-total]");
const rows = () => [...cart.querySelectorAll("[data-line]")];

const reckon = () => {
  let cents = 0;
  for (const row of rows()) {
    const line = Number(row.dataset.cents) * Number(row.querySelector("input").value);
    row.querySelector("[data-line-total]").textContent = money(line);
    cents += line;
  }
  total.textContent = money(cents);
};

for (const row of rows()) {
  const quantity = row.querySelector("input");
  quantity.addEventListener("input", async () => {
    if (!quantity.value || !quantity.checkValidity()) return;
    await change(row.dataset.line, Number(quantity.value));
    reckon();
  });
  row.querySelector("button").addEventListener("click", async () => {
    await remove(row.dataset.line);
    row.remove();
    if (rows().length === 0) location.reload();
    else reckon();
  });
}

if (cart) reckon();
