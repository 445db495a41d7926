// "Add to cart": the cart's script is fetched when it is first needed.
const form = document.querySelector("[data-product]");
const notice = document.querySelector("[data-added]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const cart = await import("/static/cart.js");
  const quantity = Number(form.elements.quantity.value);
  await cart.add(form.dataset.product, quantity);
  notice.textContent = `${form.dataset.name} is in your cart.`;
  notice.hidden = false;
});
