/**
 * The queue by keyboard. Single letters, which count only outside fields and without Ctrl, Alt or Meta, and which can be
 * switched off (WCAG 2.1.4).
 */

import { el } from "../../articles/desk/dom.js";

const STORE = "queue-keys";
const VERBS = { a: ["approve"], r: ["reject"], x: ["remove"], p: ["pick", "unpick"] };
const HELP = [
  ["J", "next comment"], ["K", "the one before"], ["A", "approve, or keep what was reported"], ["R", "reject"],
  ["X", "remove"], ["P", "pick, or take the mark away"], ["E", "write a reply; Ctrl and Enter sends it, Escape closes it"],
  ["N", "reason for the log and note to the writer"], ["U", "undo what was decided last"], ["?", "this list"],
];

const isField = (target) => target.closest?.("input, textarea, select, [contenteditable]");

export function listen(queue, pile, acts) {
  const legend = queue.querySelector("[data-keys]");
  if (legend) legend.hidden = false;
  let isOn = read() !== "off";

  const keys = {
    j: () => pile.next() || acts.tell("This is the last one here."),
    k: () => pile.previous() || acts.tell("This is the first one here."),
    e: () => unfold("[data-reply]", "textarea"),
    n: () => unfold("[data-note]", "input"),
    u: () => acts.undoLast(),
    "?": () => help(),
  };
  for (const [key, verbs] of Object.entries(VERBS)) keys[key] = () => decide(verbs);

  function decide(verbs) {
    const item = pile.current;
    if (!item) return;
    const button = verbs.map((verb) => item.querySelector(`button[name=do][value=${verb}]`)).find(Boolean);
    if (button) acts.press(item, button.value);
    else acts.tell("That does not fit this comment.");
  }

  function unfold(selector, field) {
    const part = pile.current?.querySelector(selector);
    if (!part) return;
    part.open = true;
    part.querySelector(field).focus();
  }

  function fold(target) {
    const part = target.closest("details.more");
    part.open = false;
    part.closest("[data-case]").focus();
  }

  function inField(event) {
    const part = event.target.closest("details.more");
    if (!part || event.isComposing) return;
    if (event.key === "Escape") fold(event.target);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && part.matches("[data-reply]")) {
      event.preventDefault();
      acts.press(part.closest("[data-case]"), "reply");
    }
  }

  function help() {
    const lines = HELP.flatMap(([key, words]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, words)]);
    const close = el("button", { type: "button" }, "Close");
    const off = el("button", { type: "button", "aria-pressed": String(!isOn) }, "Switch these keys off");
    const box = el("dialog", { class: "keys-help q", "aria-labelledby": "keys-title" },
      el("h2", { id: "keys-title" }, "Keys"), el("dl", {}, ...lines), el("div", { class: "buttons" }, close, off));
    off.addEventListener("click", () => {
      isOn = !isOn;
      off.setAttribute("aria-pressed", String(!isOn));
      write(isOn ? "on" : "off");
    });
    close.addEventListener("click", () => box.close());
    box.addEventListener("close", () => {
      box.remove();
      pile.current?.focus();
    });
    document.body.append(box);
    box.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (isField(event.target)) {
      inField(event);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (!event.key) return; // what fills in forms sends such events
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (!isOn && event.key !== "?")) return;
    event.preventDefault();
    act();
  });
}

function read() {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null; // a browser may refuse storage; then the keys are on
  }
}

function write(value) {
  try {
    localStorage.setItem(STORE, value);
  } catch {
    // it holds until the page is left
  }
}
