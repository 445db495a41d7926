// Waits for the shop to ask, makes a token of the card and posts it to the shop, and to nobody else.
const form = document.querySelector("form");
const shop = form.dataset.shop;

const answer = async () => {
  const [number, expiry, cvc] = [...form.querySelectorAll("input")].map((field) => field.value.trim());
  if (!/^(0[1-9]|1[0-2])\s*\/\s*\d\d$/.test(expiry)) return { type: "problem", text: "Please check the expiry date." };
  if (!/^\d{3,4}$/.test(cvc)) return { type: "problem", text: "Please check the security code." };
  const response = await fetch("/tokens", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ number }),
  });
  const body = await response.json();
  return response.ok ? { type: "token", token: body.token } : { type: "problem", text: body.reason };
};

form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("message", async (event) => {
  if (event.origin !== shop || event.source !== window.parent || event.data.type !== "tokenize") return;
  window.parent.postMessage(await answer(), shop);
});
