// A row of links that slides: the chosen one is brought into view.

/** Slide each row until its chosen link can be seen; the page itself stays where it is. */
export function showChosen(root) {
  for (const chosen of root.querySelectorAll(".chips [aria-current]")) {
    const row = chosen.closest(".chips");
    row.scrollLeft += chosen.getBoundingClientRect().left - row.getBoundingClientRect().left - 16;
  }
}
