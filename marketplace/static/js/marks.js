// The hearts on cards and pages: all that stand for the same thing change together, as soon as the server has stored it.
document.addEventListener("market:marked", (event) => {
  const { name, value, marked } = event.detail;
  const same = `button[form="mark"][name="${name}"][value="${value}"]`;
  for (const heart of document.querySelectorAll(same)) heart.setAttribute("aria-pressed", marked);
});
