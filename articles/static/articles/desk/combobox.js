/**
 * An ARIA combobox with a list: arrows choose, Enter takes, Escape closes, Tab leaves.
 *
 * combobox(input, {label, ask, typed, draw, take}) gives {close}. `typed()` is what is
 * looked for, or an empty string for nothing; `ask(words)` a promise of the rows that
 * match, `draw(row)` what an option shows, `take(row)` what choosing one does.
 */

import { el, later, say, uniqueId } from "./dom.js";

class Combobox {
  constructor(input, { label, ...hooks }) {
    Object.assign(this, { input, active: -1, rows: [], options: [], latest: 0 }, hooks);
    this.list = el("ul", { role: "listbox", id: uniqueId("desk-list"), "aria-label": label, hidden: true });
    this.status = el("span", { role: "status", class: "desk-hidden" });
    const frame = el("span", { class: "desk-combobox" });
    input.before(frame);
    frame.append(input, this.list, this.status);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries({ ...attributes, autocomplete: "off" })) input.setAttribute(name, value);
    this.listen();
  }

  listen() {
    const search = later(() => this.search(), 150);
    this.input.addEventListener("input", (event) => { if (event.isTrusted) search(); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // A click must not take the focus from the field before it is taken as a choice.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => {
      const place = this.options.indexOf(target.closest("[role=option]"));
      if (place >= 0) this.choose(place);
    });
  }

  async search() {
    this.latest += 1;
    const [turn, words] = [this.latest, this.typed()];
    if (!words) return this.close();
    const rows = await this.ask(words).catch(() => []);
    if (turn === this.latest && document.activeElement === this.input) this.show(rows);
    return undefined;
  }

  show(rows) {
    this.rows = rows;
    this.options = rows.map((row) => el(
      "li", { role: "option", id: uniqueId("desk-option"), "aria-selected": "false" }, ...this.draw(row),
    ));
    this.list.replaceChildren(...this.options);
    this.list.hidden = !rows.length;
    this.input.setAttribute("aria-expanded", String(rows.length > 0));
    this.status.textContent = rows.length ? `${rows.length} ${say("suggestions")}` : say("No suggestions");
    this.point(-1);
  }

  point(place) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const option = this.options[place];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(place) {
    this.take(this.rows[place]);
    this.close();
  }

  close() {
    this.latest += 1;
    this.list.hidden = true;
    this.options = [];
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.point(-1);
  }

  key(event) {
    const { length } = this.options;
    if (event.key === "ArrowDown" && !length) this.search();
    else if (!length) return;
    else if (event.key === "ArrowDown") this.point((this.active + 1) % length);
    else if (event.key === "ArrowUp") this.point((Math.max(this.active, 0) - 1 + length) % length);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.active >= 0) this.choose(this.active);
    else return;
    event.preventDefault();
  }
}

export function combobox(input, hooks) {
  return new Combobox(input, hooks);
}
