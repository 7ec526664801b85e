/**
 * Says every few seconds that the form is open, and shows who else has it open.
 *
 * watch(line, own) gives {follow(url)}; `line` is the element that shows the sentence, hidden
 * for nobody; own() are the fields that are sent: token, session, version that is edited.
 */

const SECONDS = 15;

export function show(line, ...sentences) {
  const words = sentences.filter(Boolean).join(" ");
  line.hidden = !words;
  if (line.textContent !== words) line.textContent = words;
}

export function watch(line, own) {
  let address = null;
  const fields = (more = {}) => new URLSearchParams({ ...own(), ...more });

  async function ask() {
    if (!address || document.hidden) return;
    const answer = await fetch(address, { method: "POST", body: fields(), credentials: "same-origin", redirect: "manual" })
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => null);
    if (answer) show(line, answer.others, answer.said);
  }

  setInterval(ask, SECONDS * 1000);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pagehide", () => {
    if (address) navigator.sendBeacon(address, fields({ leaving: "yes" }));
  });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) ask(); });
  return {
    follow(url) {
      if (url === address) return;
      address = url;
      ask();
    },
  };
}
