// Around the fragments that htmx swaps: shows that something is under way, keeps the focus, tells when the network failed.
import { announce } from "./announce.js";

// htmx gives the focus back to an element with the same id. When that is gone (a line was taken out), the heading takes it.
function catchFocus(event) {
  const part = document.getElementById(event.detail.target?.id);
  const heading = part?.querySelector("h1, h2, h3");
  if (!heading || document.activeElement !== document.body) return;
  heading.tabIndex = -1;
  heading.focus();
}

function tellFailure() {
  announce(document.body.dataset.failed);
  document.getElementById("announcer")?.classList.replace("visually-hidden", "toast");
}

export function watchBasket() {
  const busy = (event, value) => event.detail.target?.setAttribute("aria-busy", value);
  document.addEventListener("htmx:beforeRequest", (event) => busy(event, "true"));
  document.addEventListener("htmx:afterRequest", (event) => busy(event, "false"));
  document.addEventListener("htmx:afterSettle", catchFocus);
  document.addEventListener("htmx:sendError", tellFailure);
  document.addEventListener("htmx:responseError", tellFailure);
}
