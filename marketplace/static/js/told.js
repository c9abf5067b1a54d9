// Shows for a moment what the server said about a click ("Rapshonig liegt im Korb"), a refusal too.
const SECONDS = 5;
let timer;

document.addEventListener("htmx:afterRequest", (event) => {
  const told = event.detail.xhr?.getResponseHeader("X-Told");
  const place = document.getElementById("announcer");
  if (!told || !place) return;
  place.textContent = decodeURIComponent(told);
  place.classList.replace("visually-hidden", "toast");
  clearTimeout(timer);
  timer = setTimeout(() => {
    place.classList.replace("toast", "visually-hidden");
    place.textContent = "";
  }, SECONDS * 1000);
});
