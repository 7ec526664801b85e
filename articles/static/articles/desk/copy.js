/**
 * A button beside each <input data-copy readonly> that copies its value; a click into the
 * field selects all of it.
 */

import { el, say } from "./dom.js";

for (const field of document.querySelectorAll("input[data-copy]")) {
  field.addEventListener("focus", () => field.select());
  const button = el("button", { type: "button", class: "button" }, say("Copy"));
  const told = el("span", { role: "status", class: "quiet" });
  button.addEventListener("click", async () => {
    field.select();
    // Without a secure context there is no clipboard: then the selection is there to be copied by hand.
    const copied = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
    told.textContent = copied ? say("Copied.") : say("Selected: copy it now.");
  });
  field.after(" ", button, " ", told);
}
