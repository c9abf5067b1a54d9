// − and + change the number at once; the form is sent when the finger rests, so that five taps are one request.
const REST = 450;

function start(stepper) {
  const input = stepper.querySelector("input[type=number]");
  const local = stepper.dataset.stepper === "local";
  let timer;
  const send = () => {
    clearTimeout(timer);
    if (!local && input.checkValidity() && input.value !== input.defaultValue) input.form.requestSubmit();
  };
  for (const button of stepper.querySelectorAll("button[name=step]")) {
    button.hidden = false;
    button.type = "button";
    button.removeAttribute("name"); // else htmx would send the step beside the new number
    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (button.value === "1") input.stepUp();
      else input.stepDown();
      clearTimeout(timer);
      timer = setTimeout(send, REST);
    });
  }
  input.addEventListener("change", send);
  stepper.dataset.started = "";
}

export function startSteppers(root) {
  for (const stepper of root.querySelectorAll("[data-stepper]:not([data-started])")) start(stepper);
}
