// The whole tour on one page: shows the stop that comes next, also of what was reported without network and is not sent yet.
import "../offline.js";
import { entries } from "./queue.js";
import { able, watch } from "./scanner.js";

const tour = document.querySelector("[data-tour]");
const all = (what, within = tour) => [...within.querySelectorAll(what)];
const stops = all("[data-stop]");
const OVER = new Set(["collected", "delivered", "failed"]);
const SENDS_ON = "reported";
let chosen = new URLSearchParams(location.search).get("halt");

// What a report changes here until the market tells it itself.
function apply(entry) {
  const told = new URLSearchParams(entry.fields);
  const stop = stops.find((one) => one.dataset.stop === told.get("stop"));
  const kind = told.get("kind");
  if (kind === "start") start();
  else if (kind === "boxes") all(`[data-boxes-of="${told.get("stop")}"] [data-box]:not([data-seen=missing]) [name=box]`).forEach((field) => tick(field.value, "there"));
  else if (kind === "box") tick(told.get("box"), told.get("seen"));
  else if (!stop || entry.refused) return;
  else if (kind === "arrive") all('form:has([name=kind][value="arrive"])', stop).forEach((form) => { form.hidden = true; });
  else if (kind === "later") stop.dataset.putOff = entry.at;
  else if (OVER.has(kind)) end(stop);
  else if (kind === "photo") all(`[data-photo]:has([name=delivery][value="${told.get("delivery")}"]) [data-taken]`, stop).forEach((line) => { line.textContent = line.dataset.words; });
}

function start() {
  all("[data-start]").forEach((form) => { form.hidden = true; });
  all("[data-driving]").forEach((part) => { part.hidden = false; });
  const loading = document.getElementById("loading");
  if (loading) loading.open = false;
}

function end(stop) {
  stop.dataset.over = SENDS_ON;
  all("[data-waits]", stop).forEach((badge) => { badge.hidden = false; });
  all("[data-driving]", stop).forEach((part) => { part.hidden = true; });
  all("article", stop)[0].classList.replace("stop--next", "stop--done");
}

function tick(box, seen) {
  const row = tour.querySelector(`[data-box]:has([name=box][value="${box}"])`);
  if (!row) return;
  row.dataset.seen = seen === "missing" ? "missing" : "loaded";
  row.querySelector("[data-state]").textContent = row.querySelector(`button[value=${seen === "missing" ? "missing" : "there"}] span`).firstChild.textContent;
  const inside = row.dataset.in;
  const gone = all(`[data-box][data-in="${inside}"]`).every((one) => one.dataset.seen === "missing");
  for (const field of all(`[data-of="${inside}"]`)) field.value = field.max ? (gone ? 0 : field.max) : (gone ? "missing" : "");
}

// The stop that was asked for, else the first that is open; those put off until later come last.
function show() {
  const open = stops.filter((stop) => !stop.dataset.over).sort((one, other) => (one.dataset.putOff || "").localeCompare(other.dataset.putOff || ""));
  const current = stops.find((stop) => stop.dataset.number === chosen) || open[0];
  for (const stop of stops) stop.hidden = stop !== current;
  const [ahead, behind] = [tour.querySelector("[data-ahead]"), tour.querySelector("[data-behind]")];
  for (const stop of [...open, ...stops.filter((one) => one.dataset.over)]) {
    const card = tour.querySelector(`[data-card="${stop.dataset.stop}"]`);
    card.hidden = stop === current;
    (stop.dataset.over ? behind : ahead).append(card);
  }
  for (const part of [ahead, behind]) part.hidden = !part.querySelector("[data-card]:not([hidden])");
  return current;
}

async function catchUp() {
  for (const entry of await entries()) apply(entry);
  show();
}

tour.addEventListener("queued", ({ target, detail }) => {
  const kind = new URLSearchParams(detail.fields).get("kind");
  apply(detail);
  if (OVER.has(kind) || kind === "later") chosen = null;
  const current = show();
  if (OVER.has(kind) || kind === "later" || kind === "start") {
    current?.querySelector(".stop__name").focus({ preventScroll: true });
    (current || tour).scrollIntoView();
  }
  if (kind === "empties" || kind === "photo") target.reset();
});

tour.addEventListener("click", (event) => {
  const link = event.target.closest('[data-card] a[href*="?halt="]');
  if (!link) return;
  event.preventDefault();
  chosen = new URL(link.href).searchParams.get("halt");
  show().scrollIntoView();
});

// All is sent: the market's own page knows more, unless somebody is just writing on this one.
document.addEventListener("sent", () => {
  const touched = all("input:not([type=hidden]), select", tour).some((field) => field.offsetParent && field === document.activeElement);
  if (!touched && navigator.onLine) location.replace(location.pathname + (chosen ? `?halt=${chosen}` : ""));
});

// Photos go as soon as they are taken.
for (const form of all("[data-photo]")) {
  form.hidden = false;
  form.addEventListener("change", () => form.requestSubmit());
}

// A label is typed, or read by the camera where the browser can: "MR12-ABCD" or "ABCD".
const scan = tour.querySelector("[data-scan]");
function found(code) {
  const row = tour.querySelector(`[data-box="${CSS.escape(code.trim().toUpperCase().split("-").at(-1))}"]`);
  scan.querySelector("[data-scanned]").textContent = row ? `${row.dataset.box} ✓` : `${scan.elements.code.dataset.unknown} ${code}`;
  row?.querySelector("button[value=there]").click();
}
if (scan) {
  scan.hidden = false;
  scan.addEventListener("submit", (event) => {
    event.preventDefault();
    if (scan.elements.code.value) found(scan.elements.code.value);
    scan.reset();
  });
  const camera = scan.querySelector("[data-camera]");
  camera.hidden = !able;
  camera.addEventListener("click", () => watch(scan.querySelector("video"), found).catch((failure) => { scan.querySelector("[data-scanned]").textContent = failure.message; }));
}

catchUp();
