// Runs beside the pages: shows what was seen last when there is no network, and notes what is added meanwhile.
// MARKET, written before it by the server, holds the version, the files, the words and which pages may be kept.
const SHELL = `shell-${MARKET.version}`;
const SEEN = `seen-${MARKET.version}`;
const PICTURES = "pictures";
const WAITING = "waiting";
const WORK = "work";
const MOST = { [SEEN]: 40, [PICTURES]: 80, [WORK]: 80 };
const PATIENCE = 5000;
const TWO_DAYS = 172_800_000;
const KEPT = new RegExp(MARKET.kept);
const ADDING = /^\/korb\/(\d+)\/hinzufuegen\/$/;
const COMING_OR_GOING = /^\/konto\/(login|logout|signup|2fa|loeschen|password)\//;
const ANYHOW = { ignoreVary: true };

self.addEventListener("install", (event) => event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(MARKET.shell))));
self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST") {
    if (COMING_OR_GOING.test(url.pathname)) event.waitUntil(forget());
    else if (ADDING.test(url.pathname)) event.respondWith(add(request, url));
  } else if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (/^\/(static|media)\//.test(url.pathname)) event.respondWith(part(event, url));
});

async function tidy() {
  for (const name of await caches.keys()) {
    if (/^(shell|seen)-/.test(name) && name !== SHELL && name !== SEEN) await caches.delete(name);
  }
}

// Somebody logs in or out: the next person at this device finds nothing of the one before.
async function forget() {
  for (const name of [SEEN, PICTURES, WAITING, WORK]) await caches.delete(name);
}

// Pages to work with (they say so: X-Keep) do not wait long for a weak network, if they were kept before.
async function page(event, url) {
  const answering = fetch(event.request).then((answer) => {
    if (answer.ok && (KEPT.test(url.pathname) || answer.headers.has("X-Keep"))) event.waitUntil(keep(url, answer.clone()));
    return answer;
  });
  try {
    return (await Promise.race([answering, impatient(url)])) || (await answering);
  } catch {
    return (await seen(url)) || nothing();
  }
}

async function impatient(url) {
  const kept = await worked(url);
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  return kept && seen(url);
}

const worked = async (url) => (await caches.open(WORK)).match(url.pathname, ANYHOW);

// A page to work with takes along all that it is dressed in, and is forgotten two days later: it names people.
async function takeAlong(text) {
  const cache = await caches.open(WORK);
  for (const key of await cache.keys()) {
    const since = (await cache.match(key, ANYHOW)).headers.get("X-Seen");
    if (since && Date.now() - Date.parse(since) > TWO_DAYS) await cache.delete(key);
  }
  for (const [, part] of text.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)) {
    if (!(await caches.match(part, ANYHOW))) await cache.add(part).catch(() => {});
  }
}

// Without tokens and marks; what was said once ("… liegt im Korb") is not said again.
async function keep(url, answer) {
  const text = (await answer.text())
    .replace(/hx-headers='[^']*'/, "")
    .replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1")
    .replace(/aria-pressed="true"/g, 'aria-pressed="false"')
    .replace(/<div[^>]*id="messages"[^]*?<\/div>\s*<\/div>\s*<\/div>/, "");
  const title = /<title>([^]*?)( – [^–]*)?<\/title>/.exec(text)?.[1].trim() || url.pathname;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": answer.headers.get("Content-Security-Policy") || "default-src 'self'",
    "X-Seen": new Date().toISOString(),
    "X-Title": encodeURIComponent(title),
  };
  if (!answer.headers.has("X-Keep")) return put(SEEN, url.pathname + url.search, new Response(text, { headers }));
  await put(WORK, url.pathname, new Response(text, { headers }));
  await takeAlong(text);
}

async function put(name, key, answer) {
  const cache = await caches.open(name);
  await cache.delete(key);
  await cache.put(key, answer);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST[name]))) await cache.delete(old);
}

async function seen(url) {
  const work = await worked(url);
  const kept = work || (await (await caches.open(SEEN)).match(url.pathname + url.search, ANYHOW));
  if (!kept) return undefined;
  const format = new Intl.DateTimeFormat(MARKET.language, { dateStyle: "long", timeStyle: "short" });
  const words = [MARKET.seen.replace("{when}", format.format(new Date(kept.headers.get("X-Seen"))))];
  if (url.pathname === MARKET.basket) words.push(await waiting());
  const mark = `<div class="wrap" ${work ? "data-kept" : "data-seen"}><p class="notice tone-honey" role="status">${words.join(" ")}</p></div>`;
  const [opening, closing] = url.pathname === MARKET.basket ? ["<fieldset disabled>", "</fieldset>"] : ["", ""];
  const text = (await kept.text()).replace(/<main[^>]*>/, `$&${mark}${opening}`).replace("</main>", `${closing}</main>`);
  return new Response(text, { headers: kept.headers });
}

async function nothing(words = "") {
  const kept = await caches.match(MARKET.page, ANYHOW);
  if (!kept) return Response.error();
  const cache = await caches.open(SEEN);
  const links = (await cache.keys()).reverse().map(async (request) => {
    const { pathname, search } = new URL(request.url);
    const title = decodeURIComponent((await cache.match(request, ANYHOW)).headers.get("X-Title"));
    return `<li><a href="${pathname}${search.replaceAll("&", "&amp;")}">${title}</a></li>`;
  });
  const list = (await Promise.all(links)).slice(0, 12).join("");
  const told = [words, await waiting()].filter(Boolean).join(" ");
  const text = (await kept.text()).replace("<!--seen-->", list).replace("<!--waiting-->", told);
  return new Response(text, { headers: kept.headers });
}

async function waiting() {
  const number = (await caches.has(WAITING)) ? (await (await caches.open(WAITING)).keys()).length : 0;
  return number ? MARKET.waiting.replace("{number}", number) : "";
}

async function part(event, url) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok && url.pathname.startsWith("/media/")) event.waitUntil(put(PICTURES, url.pathname, answer.clone()));
    return answer;
  } catch (failure) {
    const kept = await caches.match(event.request, ANYHOW);
    if (kept) return kept;
    throw failure;
  }
}

async function add(request, url) {
  const told = request.clone();
  try {
    return await fetch(request);
  } catch {
    const quantity = (await told.formData()).get("quantity") || "1";
    const wish = new Response(`${ADDING.exec(url.pathname)[1]}:${quantity}`);
    await (await caches.open(WAITING)).put(`/${crypto.randomUUID()}`, wish);
    if (!request.headers.get("HX-Request")) return nothing(MARKET.queued);
    return new Response("", { headers: { "X-Told": encodeURIComponent(MARKET.queued), "HX-Reswap": "none" } });
  }
}
