// Keeps "(2 Tage, 4 Stunden übrig)" true. The page is rewritten each minute, but only 60, 15 and 5 minutes are announced.
import { announce } from "./announce.js";

const MINUTE = 60_000;
const ANNOUNCED = [60, 15, 5];
const language = document.documentElement.lang || "de";

// The two largest units of a number of whole minutes, in the language of the page.
export function wording(minutes) {
  const parts = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor(minutes / 60) % 24, "hour"],
    [minutes % 60, "minute"],
  ];
  const first = parts.findIndex(([number]) => number > 0);
  const shown = first < 0 ? [parts[2]] : parts.slice(first, first + 2).filter(([number]) => number > 0);
  return shown
    .map(([number, unit]) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(number))
    .join(", ");
}

function rewrite(place) {
  if (!place.isConnected) return;
  const rest = Date.parse(place.dataset.deadline) - Date.now();
  if (rest <= 0) {
    place.textContent = place.dataset.over;
    return;
  }
  const minutes = Math.ceil(rest / MINUTE);
  place.textContent = place.dataset.left.replace("{time}", wording(minutes));
  if (ANNOUNCED.includes(minutes) && place.dataset.said !== String(minutes)) {
    if (place.dataset.said) announce(place.dataset.announce.replace("{time}", wording(minutes)));
    place.dataset.said = minutes;
  }
  place.dataset.said ||= "0";
  setTimeout(rewrite, (rest % MINUTE) + 500, place);
}

export function startCountdowns(root) {
  for (const place of root.querySelectorAll("[data-deadline]:not([data-said])")) rewrite(place);
}
