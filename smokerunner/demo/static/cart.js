// The cart in the browser: what is asked of the server, the badge in the header, and how money is written.
const badge = document.querySelector("[data-testid=cart-badge]");

export const money = (cents) => `€${(cents / 100).toFixed(2)}`;

const send = async (method, path, body) => {
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  const cart = await response.json();
  badge.textContent = cart.count;
  badge.dataset.count = cart.count;
  return cart;
};

export const add = (product, quantity) => send("POST", "/api/cart", { product, quantity });
export const change = (product, quantity) => send("PATCH", `/api/cart/${product}`, { quantity });
export const remove = (product) => send("DELETE", `/api/cart/${product}`);
