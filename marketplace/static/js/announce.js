// Say a sentence to people who cannot see the page.
export function announce(sentence) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = sentence;
}
