// All scripts of the market; every page works without them.
import { watchBasket } from "./basket.js";
import { showChosen } from "./chips.js";
import { startCountdowns } from "./countdown.js";
import { startSteppers } from "./stepper.js";
import "./marks.js";
import "./offline.js";
import "./told.js";

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
