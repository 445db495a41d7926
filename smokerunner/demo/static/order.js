// The order page: asks for the order until it is no longer in processing, and asks before it cancels.
const order = document.querySelector("[data-order]");
const badge = document.querySelector("[data-testid=order-status]");
const cancel = document.querySelector("[data-cancel]");
const leaving = new AbortController();

const follow = async () => {
  if (!["unpaid", "processing"].includes(badge.dataset.status)) return;
  try {
    const response = await fetch(`/api/orders/${order.dataset.order}`, { signal: leaving.signal });
    const { status } = await response.json();
    badge.textContent = status;
    badge.dataset.status = status;
  } catch (error) {
    if (error.name === "AbortError") return;
    throw error;
  }
  setTimeout(follow, 300);
};

window.addEventListener("pagehide", () => leaving.abort());
cancel?.addEventListener("submit", (event) => {
  if (!confirm(`Cancel order ${order.dataset.order}?`)) event.preventDefault();
});
setTimeout(follow, 300);
