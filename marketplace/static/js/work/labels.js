// A form that takes what stands on a label: the camera fills its field in and sends it.
import { able, watch } from "./scanner.js";

for (const form of able ? document.querySelectorAll("form[data-labels]") : []) {
  const button = form.querySelector("[data-camera]");
  button.hidden = false;
  button.addEventListener("click", () => watch(form.querySelector("video"), (code) => {
    form.querySelector("[data-label]").value = code;
    form.requestSubmit();
  }).catch((failure) => { form.querySelector("[data-scanned]").textContent = failure.message; }));
}
