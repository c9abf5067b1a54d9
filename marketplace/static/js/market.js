// All scripts of the market; every page works without them.
import { watchBasket } from "./basket.js";
import { startCountdowns } from "./countdown.js";
import { startSteppers } from "./stepper.js";
import "./marks.js";
import "./offline.js";
import "./told.js";

startCountdowns(document);
startSteppers(document);
watchBasket();
document.addEventListener("htmx:load", (event) => {
  startCountdowns(event.target);
  startSteppers(event.target);
});
document.getElementById("form-errors")?.focus();
