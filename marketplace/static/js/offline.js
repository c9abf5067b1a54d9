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

// A page that was only kept is asked for anew as soon as the server answers again.
const askAgain = () => fetch("/ohne-netz/", { method: "HEAD", cache: "no-store" }).then(() => location.reload());
const quietly = (action) => () => action().catch(() => {});

if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(`/sw.js?sprache=${document.documentElement.lang}`, { updateViaCache: "all" }).catch(() => {}));
  const back = quietly(document.querySelector("[data-seen]") ? askAgain : catchUp);
  addEventListener("online", back);
  if (document.querySelector("[data-seen]")) setInterval(back, 5000);
  else back();
}
