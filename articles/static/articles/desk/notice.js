/** A sentence above the text about what just happened there, spoken, until it is closed or another takes its place. */

import { el, say } from "./dom.js";

export function notice() {
  const words = el("p", { role: "status" });
  const close = el("button", { type: "button" }, say("Close"));
  const element = el("div", { class: "desk-notice", hidden: true }, words, close);
  const show = (sentence) => {
    element.hidden = !sentence;
    words.textContent = sentence;
  };
  close.addEventListener("click", () => {
    show("");
    element.closest(".desk-editor").querySelector(".desk-body").focus();
  });
  return { element, show };
}

/** What a writer has to know when pasting left pictures out. */
export function picturesLeftOut(count) {
  if (!count) return "";
  const many = count === 1
    ? say("One picture was left out of what you pasted, because pictures come from this site’s library.")
    : `${count} ${say("pictures were left out of what you pasted, because pictures come from this site’s library.")}`;
  return `${many} ${say("Save them on your machine, then add each with Picture in the toolbar.")}`;
}
