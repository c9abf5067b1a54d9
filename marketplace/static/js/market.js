// All scripts of the market; every page works without them.
import { watchBasket } from "./basket.js";
import { startCountdowns } from "./countdown.js";
import { startSteppers } from "./stepper.js";
import "./marks.js";
import "./offline.js";
import "./told.js";

/** A row of links with a chosen one is on few pages, so what slides it is loaded where there is one. */
function showChosen(root) {
  if (root.querySelector(".chips [aria-current]")) import("./chips.js").then((chips) => chips.showChosen(root));
}

startCountdowns(document);
startSteppers(document);
showChosen(document);
watchBasket();
document.addEventListener("htmx:load", (event) => {
  startCountdowns(event.target);
  startSteppers(event.target);
  showChosen(event.target);
});
document.getElementById("form-errors")?.focus();
