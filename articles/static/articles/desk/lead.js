/**
 * Makes <select data-lead="picker's address" data-src> a choice from the library: what is
 * chosen is shown, and the picker finds, adds and chooses pictures. The select stays what is
 * sent, and says each change by `input` and `change` events.
 */

import { el, say, uniqueId } from "./dom.js";
import { choosePicture } from "./picker.js";

class Lead {
  constructor(select) {
    this.select = select;
    this.img = el("img", { alt: "", src: select.dataset.src });
    this.name = el("span", { id: uniqueId("desk-lead") });
    const label = select.labels[0];
    if (label && !label.id) label.id = uniqueId("desk-label");
    const button = (words, look) => {
      const made = el("button", { type: "button", class: look, id: uniqueId("desk-choose") }, words);
      made.setAttribute("aria-labelledby", [label?.id, made.id].filter(Boolean).join(" "));
      made.setAttribute("aria-describedby", this.name.id);
      return made;
    };
    this.choose = button(say("Choose a picture…"), "button");
    this.remove = button(say("No picture"), "button desk-plain");
    const buttons = el("span", { class: "desk-lead-buttons" }, this.choose, this.remove);
    this.element = el("div", { class: "desk-lead-picture" }, this.img, this.name, buttons);
    select.before(this.element);
    select.hidden = true;
    label?.setAttribute("for", this.choose.id);
    this.choose.addEventListener("click", () => this.ask());
    this.remove.addEventListener("click", () => {
      this.set(null);
      this.choose.focus();
    });
    this.shown = select.value;
    // What a kept copy fills in is said by the form alone.
    select.form?.addEventListener("input", () => this.show());
    this.show();
  }

  async ask() {
    const image = await choosePicture(this.select.dataset.lead, this.select.value);
    this.choose.focus();
    if (image) this.set(image);
  }

  set(image) {
    const value = image ? String(image.id) : "";
    if (image && ![...this.select.options].some((option) => option.value === value)) this.select.add(new Option(image.title, value));
    this.select.value = value;
    this.img.src = image?.src ?? "";
    this.shown = value;
    for (const name of ["input", "change"]) this.select.dispatchEvent(new Event(name, { bubbles: true }));
    this.show();
  }

  show() {
    const chosen = this.select.value !== "";
    this.img.hidden = !chosen || this.shown !== this.select.value;
    this.remove.hidden = !chosen;
    this.name.textContent = chosen ? this.select.selectedOptions[0].textContent : say("None");
  }
}

for (const select of document.querySelectorAll("select[data-lead]")) new Lead(select);
