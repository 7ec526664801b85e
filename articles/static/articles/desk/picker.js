/**
 * The dialog for a picture: choose one from the library, describe it, insert it.
 *
 * askPicture(url, old) fetches `url?q=…`, which answers
 * {"images": [{id, title, alt, decorative, credit, src, width, height}], "upload_url",
 * "most_bytes"}; gives the attributes of a figure, or null. `old` fills the form. A new
 * picture is added in place, if the answer names where to. choosePicture(url, chosen) is
 * the same without words.
 */

import { openDialog } from "./dialog.js";
import { el, later, say, uniqueId } from "./dom.js";
import { EMPTY, captionHTML, captionText } from "./figure.js";
import { KINDS, upload } from "./uploading.js";

function fieldsFor(old) {
  return [
    {
      name: "alt", label: say("Alternative text"), value: old.alt,
      hint: say("What the picture shows, for those who cannot see it."),
    },
    { name: "decorative", type: "checkbox", label: say("Decorative: it adds nothing to the text"), value: old.decorative },
    { name: "caption", label: say("Caption"), value: captionText(old.caption) },
    { name: "credit", label: say("Credit"), value: old.credit, hint: say("Who made it, such as Photo: Ines Duarte.") },
    {
      name: "size", type: "select", label: say("Width"), value: old.size,
      options: [["", say("As wide as the text")], ["wide", say("Wide: into the margin")], ["full", say("Full: the whole page")]],
    },
  ];
}

function option(image, group, chosen) {
  const radio = el("input", { type: "radio", name: group, value: image.id, checked: String(image.id) === String(chosen) });
  const thumb = el("img", { src: image.src, alt: "", loading: "lazy" });
  return el("label", { class: "desk-option" }, radio, thumb, el("span", {}, image.title));
}

/** The searchable grid of pictures; `onChoose(image)` is called for each choice. */
class Library {
  constructor(url, chosen, onChoose) {
    Object.assign(this, { url, chosen, onChoose, group: uniqueId("desk-picture"), images: new Map(), latest: 0 });
    const searchId = uniqueId("desk-search");
    this.search = el("input", { type: "search", id: searchId, autocomplete: "off" });
    this.upload = el("button", { type: "button", class: "desk-plain", hidden: true }, say("Upload a picture…"));
    this.file = el("input", { type: "file", accept: KINDS, hidden: true, "aria-hidden": "true", tabindex: "-1" });
    this.status = el("p", { class: "desk-hint", role: "status" });
    this.error = el("p", { class: "desk-error", hidden: true, id: uniqueId("desk-error") });
    this.grid = el("fieldset", { class: "desk-grid", "aria-describedby": this.error.id }, el("legend", {}, say("Pictures")));
    const tools = el("div", { class: "desk-tools" }, this.search, this.upload, this.file);
    const label = el("label", { for: searchId }, say("Search the library"));
    this.element = el("div", { class: "desk-library" }, label, tools, this.status, this.error, this.grid);
    this.listen();
  }

  listen() {
    this.search.addEventListener("input", later(() => this.load(), 250));
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.load();
    });
    this.upload.addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => this.add(this.file.files[0]));
    this.grid.addEventListener("change", ({ target }) => {
      this.chosen = target.value;
      this.complain("");
      this.onChoose(this.images.get(target.value));
    });
  }

  async load() {
    this.latest += 1;
    const turn = this.latest;
    const url = new URL(this.url, document.baseURI);
    url.searchParams.set("q", this.search.value.trim());
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      if (turn === this.latest) this.show(answer);
    } catch {
      const sentence = say("The library could not be read. Check the connection, then search again.");
      if (turn === this.latest) this.status.textContent = sentence;
    }
  }

  /** Sends a new picture and chooses it. */
  async add(file) {
    if (!file) return;
    this.file.value = "";
    this.complain("");
    this.status.textContent = `${say("Sending")} ${file.name}`;
    try {
      const image = await upload(file, this.library);
      this.images.set(String(image.id), image);
      this.chosen = image.id;
      const made = option(image, this.group, image.id);
      this.grid.querySelector("legend").after(made);
      this.status.textContent = `“${image.title}” ${say("is in the library now, and chosen here.")}`;
      this.onChoose(image);
      made.querySelector("input").focus();
    } catch (error) {
      this.status.textContent = "";
      this.complain(`${file.name}: ${error.message}`, this.upload);
    }
  }

  show({ images, upload_url: url, most_bytes: most }) {
    for (const image of images) this.images.set(String(image.id), image);
    this.grid.querySelectorAll("label").forEach((label) => label.remove());
    this.grid.append(...images.map((image) => option(image, this.group, this.chosen)));
    this.upload.hidden = !url;
    this.library = { url, most };
    this.status.textContent = images.length
      ? `${images.length} ${images.length === 1 ? say("picture") : say("pictures")}`
      : say("No picture matches. Search for something else, or upload one.");
  }

  complain(sentence, where = this.grid.querySelector("input") ?? this.search) {
    this.error.textContent = sentence;
    this.error.hidden = !sentence;
    if (sentence) where.focus();
  }
}

/** Fills in what the library knows, unless the writer has written something else. */
function suggest(controls, image, before) {
  for (const name of ["alt", "credit"]) {
    const known = before?.[name] ?? "";
    if (controls[name].value.trim() === known) controls[name].value = image[name] ?? "";
  }
  controls.decorative.checked = Boolean(image.decorative) && !controls.alt.value;
  controls.decorative.dispatchEvent(new Event("change"));
}

function toAttributes(values, old, image) {
  const src = image ? image.src : old.src;
  const caption = values.caption === captionText(old.caption) ? old.caption : captionHTML(values.caption);
  const alt = values.decorative ? "" : values.alt;
  return { ...values, alt, caption, src, image: image ? String(image.id) : old.image };
}

export async function askPicture(url, old = EMPTY) {
  let image = null;
  const library = new Library(url, old.image, (next) => {
    suggest(controls, next, image ?? old);
    image = next;
  });
  const check = ({ alt, decorative }) => {
    const missing = image || old.image ? "" : say("Choose a picture.");
    library.complain(missing);
    if (missing) return { picture: missing };
    return alt || decorative ? {} : { alt: say("Say what the picture shows, or mark it as decorative.") };
  };
  const { controls, result } = openDialog({
    title: old.image ? say("Change the picture") : say("Insert a picture"),
    submit: old.image ? say("Save") : say("Insert"),
    fields: fieldsFor(old),
    lead: library.element,
    check,
  });
  const follow = () => { controls.alt.disabled = controls.decorative.checked; };
  controls.decorative.addEventListener("change", follow);
  follow();
  library.load();
  library.search.focus();
  const values = await result;
  return values && toAttributes(values, old, image);
}

/** A picture alone, without words for a place in the text: what the list says of it, or null. */
export async function choosePicture(url, chosen) {
  let image = null;
  const library = new Library(url, chosen, (next) => { image = next; });
  const check = () => {
    const missing = image || chosen ? "" : say("Choose a picture.");
    library.complain(missing);
    return missing ? { picture: missing } : {};
  };
  const { result } = openDialog({ title: say("Choose a picture"), submit: say("Choose"), lead: library.element, check });
  library.load();
  library.search.focus();
  return (await result) && image;
}
