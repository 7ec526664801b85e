/**
 * Suggests tags in each <input data-tag-input data-suggest-url>: an ARIA combobox
 * for the last of the names, which are parted by commas.
 *
 * Asks `suggest-url?q=…`, which answers {"tags": [{"name", "count"}]}. Arrows choose,
 * Enter takes, Escape closes, Tab leaves. Without script it is a plain text field.
 */

import { el, later, say, uniqueId } from "./dom.js";

function lastName(value) {
  return value.slice(value.lastIndexOf(",") + 1).trim();
}

function otherNames(value) {
  return value.slice(0, value.lastIndexOf(",") + 1).split(",").map((name) => name.trim()).filter(Boolean);
}

const folded = (name) => name.normalize("NFKC").toLocaleLowerCase();

class TagInput {
  constructor(input) {
    Object.assign(this, { input, active: -1, options: [], latest: 0 });
    this.list = el("ul", { role: "listbox", id: uniqueId("desk-tags"), "aria-label": say("Suggested tags"), hidden: true });
    this.status = el("span", { role: "status", class: "desk-hidden" });
    const frame = el("span", { class: "desk-combobox" });
    input.before(frame);
    frame.append(input, this.list, this.status);
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries({ ...combobox, autocomplete: "off" })) input.setAttribute(name, value);
    this.listen();
  }

  listen() {
    const ask = later(() => this.ask(), 150);
    this.input.addEventListener("input", (event) => { if (event.isTrusted) ask(); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // A click must not take the focus from the field before it is taken as a choice.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => {
      const place = this.options.indexOf(target.closest("[role=option]"));
      if (place >= 0) this.take(place);
    });
  }

  async ask() {
    this.latest += 1;
    const [turn, typed] = [this.latest, lastName(this.input.value)];
    if (!typed) return this.close();
    const url = new URL(this.input.dataset.suggestUrl, document.baseURI);
    url.searchParams.set("q", typed);
    const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
    const { tags } = response?.ok ? await response.json() : { tags: [] };
    if (turn === this.latest && document.activeElement === this.input) this.show(tags);
    return undefined;
  }

  show(tags) {
    const there = new Set(otherNames(this.input.value).map(folded));
    const fresh = tags.filter(({ name }) => !there.has(folded(name)));
    this.options = fresh.map(({ name, count }) => el(
      "li", { role: "option", id: uniqueId("desk-tag"), "aria-selected": "false", "data-name": name },
      name, " ", el("small", {}, String(count)),
    ));
    this.list.replaceChildren(...this.options);
    this.list.hidden = !fresh.length;
    this.input.setAttribute("aria-expanded", String(fresh.length > 0));
    this.status.textContent = fresh.length ? `${fresh.length} ${say("suggestions")}` : say("No suggestions");
    this.choose(-1);
  }

  choose(place) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const option = this.options[place];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  take(place) {
    const names = [...otherNames(this.input.value), this.options[place].dataset.name];
    this.input.value = `${names.join(", ")}, `;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }

  close() {
    this.latest += 1;
    this.list.hidden = true;
    this.options = [];
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  key(event) {
    const { length } = this.options;
    if (event.key === "ArrowDown" && !length) this.ask();
    else if (!length) return;
    else if (event.key === "ArrowDown") this.choose((this.active + 1) % length);
    else if (event.key === "ArrowUp") this.choose((Math.max(this.active, 0) - 1 + length) % length);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.active >= 0) this.take(this.active);
    else return;
    event.preventDefault();
  }
}

for (const input of document.querySelectorAll("input[data-tag-input]")) new TagInput(input);
