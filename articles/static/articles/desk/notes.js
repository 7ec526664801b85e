/**
 * The notes of a draft's readers beside the text: marks their passages in the editor, goes
 * to one, answers and closes in place. Without it each note has a link to the page of notes.
 *
 * Reads [data-notes] with sections of data-settle (where answers go) and data-exact,
 * -prefix, -suffix (the passage). Marks are highlights of the page, never part of the text.
 */

import { find, highlight, reveal } from "../../site/passages.js";
import { el, jsonOf, later, say, uniqueId } from "./dom.js";

class Notes {
  constructor(panel, form) {
    this.panel = panel;
    this.form = form;
    this.notes = [...panel.querySelectorAll("[data-settle]")];
    for (const note of this.notes) this.enhance(note);
    this.status = el("p", { class: "quiet", role: "status" });
    panel.append(this.status);
    form.addEventListener("input", later(() => this.mark(), 800));
    this.whenReady();
  }

  get text() {
    return this.form.querySelector(".desk-body");
  }

  /** The editor may be there later than this. */
  whenReady() {
    if (!this.text) return requestAnimationFrame(() => this.whenReady());
    this.form.querySelector(".desk-side")?.append(this.panel);
    return this.mark();
  }

  passage(note) {
    return note.dataset.exact && this.text ? find(this.text, note.dataset) : null;
  }

  mark() {
    const open = this.notes.filter((note) => note.isConnected);
    const ranges = open.map((note) => this.passage(note));
    open.forEach((note, place) => {
      const lost = note.querySelector("[data-lost]");
      if (lost) lost.hidden = Boolean(ranges[place]);
    });
    highlight("desk-notes", ranges.filter(Boolean));
  }

  enhance(note) {
    const id = uniqueId("desk-answer");
    const area = el("textarea", { id, rows: 2, maxlength: 2000, dir: "auto" });
    area.addEventListener("input", (event) => event.stopPropagation());
    area.addEventListener("change", (event) => event.stopPropagation());
    const act = (words, name) => {
      const button = el("button", { type: "button", class: "button" }, words);
      button.addEventListener("click", () => this.settle(note, area, name));
      return button;
    };
    const buttons = el("p", { class: "desk-note-acts" }, act(say("Answer"), "answer"), " ", act(say("Done"), "close"));
    if (note.dataset.exact) {
      const show = el("button", { type: "button", class: "button" }, say("Show in the text"));
      show.addEventListener("click", () => this.show(note));
      buttons.prepend(show, " ");
      note.append(el("p", { class: "quiet", "data-lost": true, hidden: true }, say("These words are not in the text any more.")));
    }
    note.append(el("label", { for: id, class: "quiet" }, say("Your answer")), area, buttons);
  }

  show(note) {
    const range = this.passage(note);
    if (!range) return;
    this.text.focus();
    reveal(range);
  }

  async settle(note, area, act) {
    const fields = new URLSearchParams({ csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value, answer: area.value, act });
    const options = { method: "POST", body: fields, headers: { Accept: "application/json" }, credentials: "same-origin" };
    const response = await fetch(note.dataset.settle, options).catch(() => null);
    const answer = response ? await jsonOf(response) : {};
    if (!response?.ok) {
      this.status.textContent = answer.error ?? say("That could not be sent. What you wrote is still here: try again.");
      return;
    }
    area.value = "";
    this.status.textContent = answer.is_closed ? say("The note is done.") : say("The answer is sent.");
    if (!answer.is_closed) return;
    note.remove();
    this.mark();
    if (!this.notes.some(({ isConnected }) => isConnected)) this.status.textContent = say("All notes are done.");
    this.panel.querySelector("button")?.focus();
  }
}

for (const panel of document.querySelectorAll("[data-notes]")) new Notes(panel, panel.closest("form"));
