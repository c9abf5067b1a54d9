// Packing on a phone, with network or without: every line goes through the queue, and the page shows at once what was recorded.
import "../offline.js";
import { entries } from "./queue.js";

const page = document.querySelector("[data-packing]");
const words = page.dataset;
const all = (what, within = page) => [...within.querySelectorAll(what)];
const mine = async () => (await entries()).filter((entry) => entry.to === words.packing);

function apply(entry) {
  const told = new URLSearchParams(entry.fields);
  const line = page.querySelector(`[data-line="${told.get("line")}"]`);
  if (told.has("crates")) all("[data-finished]").forEach((part) => { part.hidden = entry.refused || entry.sent; });
  else if (line) entry.refused ? refuse(line, entry.refused) : record(line, told, entry);
}

function record(line, told, { sent }) {
  const quantity = told.get("missing") ? 0 : Number(told.get("quantity"));
  const short = line.dataset.ordered - quantity;
  line.dataset.done = "";
  line.classList.toggle("pack__line--short", short > 0);
  line.classList.toggle("pack__line--done", short <= 0);
  for (const name of ["quantity", "weight", "batch"]) {
    const field = line.querySelector(`[name=${name}]`);
    if (field && told.has(name)) field.value = name === "quantity" ? quantity : told.get(name);
  }
  const weight = quantity && told.get("weight") ? ` · ${told.get("weight")}` : "";
  line.querySelector("[data-state]").textContent = (short > 0 ? words.missing.replace("{number}", short) : words.packed) + weight + (sent ? "" : ` (${words.waits})`);
  all("[data-batch]", line).forEach((batch) => { batch.textContent = told.get("batch") || ""; });
  line.querySelector("[data-problem]").hidden = true;
  count();
}

function refuse(line, sentence) {
  const problem = line.querySelector("[data-problem]");
  problem.hidden = false;
  problem.querySelector("span").textContent = sentence;
}

function count() {
  const [bar, text] = [page.querySelector("#packing-progress progress"), page.querySelector("#packing-progress [data-words]")];
  bar.value = all("[data-line][data-done]").length;
  text.textContent = text.dataset.words.replace("{done}", bar.value).replace("{all}", bar.max);
}

// Grams as the market reads them: with a comma or "kg" it is kilograms.
function grams(typed) {
  const text = typed.replace(/\s/g, "").toLowerCase();
  const number = Number.parseFloat(text.replace(",", "."));
  return /k|[.,]/.test(text) ? number * 1000 : number;
}

// Heavier than agreed takes a word of the customer; asked here, as the market may be out of reach.
page.addEventListener("submit", (event) => {
  const form = event.target, line = form.closest("[data-line]");
  const consent = line?.querySelector("[data-consent]");
  if (!consent || event.submitter?.name === "missing" || form.elements.agreed.checked) return;
  const most = (line.dataset.heaviest / line.dataset.expected) * form.elements.quantity.value;
  if (!(grams(form.elements.weight.value) > most)) return;
  event.preventDefault();
  consent.hidden = false;
  form.elements.agreed.focus();
});

// Everything that needs no scale and is not recorded yet, line by line.
page.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-all]")) return;
  event.preventDefault();
  event.target.hidden = true;
  for (const line of all("[data-line]:not([data-done]):not([data-heaviest])")) line.querySelector("form").requestSubmit(line.querySelector("[data-save]"));
});

// A batch is typed once for all lines of the article that are still open.
page.addEventListener("change", ({ target }) => {
  const line = target.closest("[data-line]");
  if (target.name !== "batch") return;
  for (const other of all("[data-line]:not([data-done])")) {
    const field = other.querySelector("[name=batch]");
    if (other.dataset.article === line.dataset.article && field) other.querySelector("[data-batch]").textContent = field.value = target.value;
  }
});

page.addEventListener("queued", ({ detail }) => apply(detail));

// All is sent: what the market made of it replaces what this page guessed, but for the line somebody is just writing in.
document.addEventListener("sent", async () => {
  const told = await mine();
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.querySelector("[data-packing]") || fresh.querySelector("[data-kept]")) return;
  if (told.some((entry) => entry.sent && new URLSearchParams(entry.fields).has("crates"))) return location.reload();
  for (const part of all("[data-line], [data-part]")) {
    const now = fresh.getElementById(part.id);
    const writing = part.contains(document.activeElement) && document.activeElement.matches("input");
    if (now && !writing) part.replaceWith(document.importNode(now, true));
  }
  told.filter((entry) => entry.refused).forEach(apply);
});

if (page.querySelector("form[data-queue]")) for (const entry of await mine()) apply(entry);
