// Starts the worker that keeps pages for the time without network, and sends what was put into the basket meanwhile.
async function catchUp() {
  const headers = document.body.getAttribute("hx-headers");
  if (!headers || !navigator.onLine || !(await caches.has("waiting"))) return;
  const cache = await caches.open("waiting");
  const kept = await cache.keys();
  const wishes = kept.map(async (request) => `${new URL(request.url).pathname.slice(1)}:${await (await cache.match(request)).text()}`);
  const body = new URLSearchParams((await Promise.all(wishes)).map((wish) => ["wanted", wish]));
  if (!kept.length) return;
  const answer = await fetch("/korb/nachholen/", { method: "POST", headers: JSON.parse(headers), body });
  if (!answer.ok) return;
  for (const request of kept) await cache.delete(request);
  location.reload();
}

function comeBack() {
  if (document.querySelector("[data-seen]")) location.reload();
  else catchUp().catch(() => {});
}

if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" }).catch(() => {}));
  addEventListener("online", comeBack);
  catchUp().catch(() => {});
}
