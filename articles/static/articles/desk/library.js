/**
 * Makes <div data-upload="address" data-most="bytes" hidden> a place to add pictures: by
 * dropping files on it or choosing several. Each is sent after the other; what became of it
 * stands in a list, with a link to say what it shows, or with what is wrong with it.
 */

import { el, say, uniqueId } from "./dom.js";
import { KINDS, upload } from "./uploading.js";

class Adding {
  constructor(place) {
    this.place = place;
    this.waiting = [];
    this.sent = 0;
    this.refused = 0;
    this.total = 0;
    this.draw();
    this.listen();
  }

  draw() {
    const title = el("h2", { id: uniqueId("desk-adding") }, say("Add pictures"));
    this.choose = el("button", { type: "button", class: "button" }, say("Choose files…"));
    this.files = el("input", { type: "file", multiple: true, accept: KINDS, hidden: true, "aria-hidden": "true", tabindex: "-1" });
    this.status = el("p", { role: "status" });
    this.list = el("ul", { class: "picture-added" });
    const hint = el("p", { class: "quiet" }, say("or drop them here. Camera data such as places is removed."));
    const row = el("div", { class: "picture-drop-row" }, this.choose, hint, this.files);
    const section = el("section", { class: "picture-drop", "aria-labelledby": title.id }, title, row, this.status, this.list);
    this.place.append(section);
    this.place.hidden = false;
    this.section = section;
  }

  listen() {
    this.choose.addEventListener("click", () => this.files.click());
    this.files.addEventListener("change", () => {
      this.take([...this.files.files]);
      this.files.value = "";
    });
    // A file that misses the place would else be opened instead of the page.
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
    window.addEventListener("dragover", ({ target }) => this.section.classList.toggle("over", this.section.contains(target)));
    this.section.addEventListener("drop", ({ dataTransfer }) => this.take([...dataTransfer.files]));
    for (const name of ["drop", "dragleave"]) window.addEventListener(name, () => this.section.classList.remove("over"));
  }

  take(files) {
    const busy = this.waiting.length > 0 || this.sent < this.total;
    this.waiting.push(...files);
    this.total += files.length;
    if (!busy) this.run();
  }

  async run() {
    while (this.waiting.length) {
      const file = this.waiting.shift();
      this.status.textContent = `${say("Sending")} ${this.sent + 1} ${say("of")} ${this.total}: ${file.name}`;
      this.list.append(await this.send(file));
      this.sent += 1;
    }
    this.tell();
  }

  async send(file) {
    try {
      const image = await upload(file, { url: this.place.dataset.upload, most: Number(this.place.dataset.most) });
      const link = el("a", { href: image.url }, image.title);
      const next = image.alt || image.decorative ? "" : say("Say what it shows.");
      return el("li", {}, el("img", { src: image.src, alt: "", width: 60, height: 40 }), el("span", {}, link, ` ${next}`));
    } catch (error) {
      this.refused += 1;
      return el("li", { class: "refused" }, el("span", {}, el("strong", {}, file.name), ` ${error.message}`));
    }
  }

  tell() {
    const added = this.total - this.refused;
    const words = [`${added} ${added === 1 ? say("picture was added.") : say("pictures were added.")}`];
    if (this.refused) words.push(`${this.refused} ${this.refused === 1 ? say("file was refused: see below.") : say("files were refused: see below.")}`);
    const again = el("a", { href: window.location.pathname }, say("Show them in the list"));
    this.status.replaceChildren(words.join(" "), ...(added ? [" ", again] : []));
  }
}

for (const place of document.querySelectorAll("[data-upload]")) new Adding(place);
