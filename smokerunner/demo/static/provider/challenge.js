// Tells the provider what the customer answers, and then the shop's page, and nobody else, that there is an answer.
const { challenge, shop } = document.querySelector("main").dataset;

const answer = async (approved) => {
  for (const button of document.querySelectorAll("button")) button.disabled = true;
  await fetch(`/challenges/${challenge}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ approved }),
  });
  window.parent.postMessage({ type: approved ? "approved" : "refused" }, shop);
};

document.querySelector("[data-approve]").addEventListener("click", () => answer(true));
document.querySelector("[data-refuse]").addEventListener("click", () => answer(false));
