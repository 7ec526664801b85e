// Suggests titles while one types into the search field: a list under it, walked through by the arrow keys. Without this
// script, or with no answer, the form does what it always does.

const WAIT = 150;
const form = document.querySelector("form[data-suggestions]");
if (form) suggest(form, form.elements.q);

function suggest(form, field) {
  const list = document.createElement("ul");
  Object.assign(list, { id: "suggested", className: "suggested", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Articles");
  field.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) {
    field.setAttribute(name, value);
  }
  let timer = 0;
  let asked = "";

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const show = (found) => {
    list.replaceChildren(...found.map(({ title, address }, at) => {
      const item = document.createElement("li");
      Object.assign(item, { id: `suggested-${at}`, textContent: title, dir: "auto" });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.address = address;
      return item;
    }));
    if (!found.length) return close();
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  };

  const ask = async () => {
    const words = (asked = field.value.trim());
    if (words.length < 2) return close();
    try {
      const answer = await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(words)}`, { credentials: "omit" });
      if (answer.ok && words === asked && document.activeElement === field) show(await answer.json());
    } catch {
      close(); // offline: the form still sends
    }
  };

  const chosen = () => list.querySelector("[aria-selected=true]");
  const move = (step) => {
    const items = [...list.children];
    const at = items.indexOf(chosen());
    items[at]?.setAttribute("aria-selected", "false");
    const next = items[at < 0 && step < 0 ? items.length - 1 : at + step];
    next?.setAttribute("aria-selected", "true");
    if (next) field.setAttribute("aria-activedescendant", next.id);
    else field.removeAttribute("aria-activedescendant");
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen()) location.assign(chosen().dataset.address);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  // Before the field loses the focus, and with it the list.
  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[data-address]");
    if (item) location.assign(item.dataset.address);
    event.preventDefault();
  });
  close();
}
