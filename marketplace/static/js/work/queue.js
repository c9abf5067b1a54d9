// Keeps what somebody reports at work on the device and sends it when there is network: in order, each until the market has said
// what became of it. <form data-queue="/address/"> goes this way instead of its own; [data-queue-state] tells how many wait and
// holds what was refused. The page hears "queued" (its form; detail is the entry) and "sent" (document; nothing waits any more).
const MOST_BYTES = 1_500_000;
const LONGEST_SIDE = 1280;
const PATIENCE = 20_000;
const store = () => caches.open("queue");
const state = () => document.querySelector("[data-queue-state]");
const waits = (entry) => !entry.refused && !entry.sent;
let passing;

// Everything on the device, the oldest first: { uuid, at, to, who, about, fields, refused, sent }. What was sent stays until a page
// comes from the market that knows of it: a page that was only kept does not.
export async function entries() {
  const cache = await store();
  const kept = await Promise.all((await cache.keys()).map(async (key) => (await cache.match(key)).json()));
  return kept.sort((one, other) => one.at.localeCompare(other.at));
}

const keep = async (entry) => (await store()).put(`/${entry.uuid}`, new Response(JSON.stringify(entry)));
const drop = async (uuid) => (await store()).delete(`/${uuid}`);

// fields: URLSearchParams, as a form would send them. The moment is the device's own.
export async function report(to, fields, about = "") {
  const entry = { uuid: crypto.randomUUID(), at: new Date().toISOString(), to, who: state()?.dataset.who, about, fields: fields.toString() };
  await keep(entry);
  send();
  return entry;
}

export const send = () => (passing ||= pass().catch(() => {}).finally(() => { passing = undefined; return tell(); }));

async function pass() {
  await tell();
  const waiting = (await entries()).filter(waits);
  let sent = 0;
  for (const to of new Set(waiting.map((entry) => entry.to))) {
    const hello = await ask(to);
    if (hello.redirected || !hello.ok) { await tell(true); continue; }
    const { who, token } = await hello.json();
    const mine = waiting.filter((entry) => entry.to === to && entry.who === who);
    for (const batch of batches(mine)) sent += await post(to, token, batch);
  }
  if (sent && !(await entries()).some(waits)) document.dispatchEvent(new Event("sent"));
}

function ask(to, more = {}) {
  return fetch(to, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...more });
}

// Photos are big: few reports at once, and one alone however big it is.
function batches(kept) {
  const found = [];
  let room = 0;
  for (const entry of kept) {
    if (entry.fields.length > room || found.at(-1).length === 50) { found.push([]); room = MOST_BYTES; }
    found.at(-1).push(entry);
    room -= entry.fields.length;
  }
  return found;
}

async function post(to, token, batch) {
  const events = batch.map(({ uuid, at, fields }) => ({ uuid, at, fields }));
  const answer = await ask(to, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify({ events }) });
  if (!answer.ok) throw new Error(answer.status);
  const { answers } = await answer.json();
  for (const { uuid, outcome, sentence } of answers) {
    if (outcome === "refused") await keep({ ...batch.find((entry) => entry.uuid === uuid), refused: sentence });
    else if (outcome !== "later") await keep({ ...batch.find((entry) => entry.uuid === uuid), sent: true });
  }
  return answers.length;
}

// What stands on top of the page, in the words that the page brought along.
async function tell(stranger = false) {
  const box = state();
  if (!box) return;
  const all = await entries();
  const refused = all.filter((entry) => entry.refused);
  const number = all.filter(waits).length;
  const words = number ? [box.dataset[number === 1 ? "one" : "many"].replace("{number}", number), stranger ? box.dataset.stranger : ""] : [];
  const [line, list] = box.children;
  if (line.textContent !== words.join(" ").trim()) line.textContent = words.join(" ").trim();
  line.hidden = !number;
  list.hidden = !refused.length;
  list.replaceChildren(...refused.map((entry) => row(entry, box)));
}

function row(entry, box) {
  const item = document.createElement("li"), seen = document.createElement("button");
  seen.className = "button button--quiet";
  seen.textContent = box.dataset.seen;
  seen.addEventListener("click", () => drop(entry.uuid).then(() => tell()));
  item.append([entry.about, entry.refused].filter(Boolean).join(": "), " ", seen);
  return item;
}

async function read(form, button) {
  const fields = new FormData(form, button);
  fields.delete("csrfmiddlewaretoken");
  for (const [name, value] of [...fields]) {
    if (value instanceof File) value.size ? fields.set(name, await small(value)) : fields.delete(name);
  }
  return new URLSearchParams(fields);
}

// A photo as the market wants it: small enough for the country's network, and without what the camera knows of the place.
async function small(file) {
  const picture = await createImageBitmap(file);
  const share = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * share, height: picture.height * share });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.8);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.queue || event.defaultPrevented) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  try {
    const fields = await read(form, event.submitter);
    const entry = await report(form.dataset.queue, fields, form.dataset.about);
    form.dispatchEvent(new CustomEvent("queued", { bubbles: true, detail: entry }));
  } catch {
    form.submit();
  } finally {
    delete form.dataset.busy;
  }
});

addEventListener("online", send);
document.addEventListener("visibilitychange", () => document.hidden || send());
setInterval(async () => (await entries()).some(waits) && send(), 15_000);
navigator.storage?.persist?.().catch(() => {});
if (!document.querySelector("[data-kept]")) for (const { uuid, sent, to } of await entries()) if (sent && document.querySelector(`[data-queue="${to}"]`)) await drop(uuid);
send();
