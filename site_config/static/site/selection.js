// What can be done with words selected in a text: a small bar of buttons beside them. Each action has a label, and what
// it does with the passage, {exact, prefix, suffix}; `most` is how many characters it can take. An action may give a
// sentence, or a link with its label to be copied by hand, which the bar then shows.
// The bar never takes the selection away; Tab leads from the selection into it, Escape hides it.

import { describe } from "./passages.js";

const APART = 8;

export function offer(root, actions) {
  const bar = document.createElement("div");
  bar.className = "selection-bar";
  bar.hidden = true;
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Selected words");
  let chosen = null;
  const buttons = actions.map((action) => addButton(bar, action, async () => {
    bar.hidden = true;
    const said = await action.act(chosen);
    if (said) tell(said);
  }));
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  bar.append(status);

  const tell = (said) => {
    bar.hidden = false;
    for (const button of buttons) button.hidden = true;
    if (typeof said === "string") return status.replaceChildren(said);
    const field = Object.assign(document.createElement("input"), { readOnly: true, value: said.link });
    field.setAttribute("aria-label", said.label);
    status.replaceChildren(field);
    field.select();
  };
  (root.closest("main") ?? document.body).append(bar);

  const look = () => {
    if (bar.contains(document.activeElement) && document.activeElement.matches("input")) return;
    status.replaceChildren();
    for (const button of buttons) button.hidden = false;
    const selection = getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    chosen = range && !range.collapsed ? describe(root, range) : null;
    bar.hidden = !chosen;
    if (!chosen) return;
    actions.forEach(({ label, most = Infinity }, at) => {
      const fits = chosen.exact.length <= most;
      buttons[at].disabled = !fits;
      buttons[at].textContent = fits ? label : `${label}: at most ${most} characters`;
    });
    place(bar, range.getClientRects());
  };
  document.addEventListener("selectionchange", look);
  addEventListener("resize", look);
  // The selection must outlive the press.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (bar.hidden) return;
    if (event.key === "Escape") {
      bar.hidden = true;
      if (bar.contains(document.activeElement)) document.activeElement.blur();
    } else if (event.key === "Tab" && !event.shiftKey && document.activeElement === document.body) {
      const first = buttons.find((button) => !button.disabled);
      if (!first) return;
      event.preventDefault();
      first.focus();
    }
  });
  look();
}

function addButton(bar, { label }, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", act);
  bar.append(button);
  return button;
}

// Under the last line of the selection, inside the window's width.
function place(bar, lines) {
  const last = [...lines].findLast((line) => line.width);
  if (!last) return;
  const widest = document.documentElement.clientWidth - bar.offsetWidth - APART;
  bar.style.setProperty("top", `${last.bottom + scrollY + APART}px`);
  bar.style.setProperty("left", `${Math.max(APART, Math.min(last.left, widest)) + scrollX}px`);
}
