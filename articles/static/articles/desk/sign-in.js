/**
 * Signing in again without leaving the page: the sign-in page in a dialog.
 *
 * signIn(url) resolves to true once the page behind it is reached, to false when it
 * was closed before.
 */

import { el, say, uniqueId } from "./dom.js";

export function signIn(url) {
  const heading = el("h2", { id: uniqueId("desk-title") }, say("Sign in again"));
  const frame = el("iframe", { src: url, title: say("Sign in") });
  const close = el("button", { type: "button", class: "desk-plain" }, say("Not now"));
  const words = el("p", { class: "desk-hint" }, say("What you wrote stays in the form behind this."));
  const dialog = el("dialog", { class: "desk-dialog desk-sign-in", "aria-labelledby": heading.id }, heading, words, frame, close);
  close.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let done = false;
    frame.addEventListener("load", () => {
      done = frame.contentDocument?.querySelector("[data-signed-in]") !== null;
      if (done) dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
  });
}
