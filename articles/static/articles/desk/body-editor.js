/**
 * Turns each <textarea data-body-editor> into the visual editor of an article's body.
 *
 * Without this script the textarea holds the HTML and is edited as such. With it the
 * textarea is hidden, but always holds the current HTML, and says so by `input` events.
 * Attributes read: data-picker-url (list of pictures), data-find-url (own articles), lang,
 * dir, required, disabled, aria-describedby, aria-invalid. The event `desk:load` on the
 * textarea makes the editor read its value again. An address that asks for a place in the
 * text (see places.js) leads there.
 */

import { Editor } from "../../django_prose_editor/editor.js";
import { insertBlock } from "./blocks.js";
import { contexts, listKeys, mainGroups } from "./commands.js";
import { wordCount } from "./count.js";
import { el, say, uniqueId } from "./dom.js";
import { editLink } from "./link.js";
import { notice, picturesLeftOut } from "./notice.js";
import { outline } from "./outline.js";
import { askPicture } from "./picker.js";
import { cleanPasted } from "./paste.js";
import { askedFor, goTo } from "./places.js";
import { extensions } from "./schema.js";
import { serialise } from "./serialise.js";
import { toolbar } from "./toolbar.js";
import { guard } from "./unsaved.js";

function labelOf(textarea) {
  const label = textarea.labels[0];
  if (label && !label.id) label.id = uniqueId("desk-label");
  return label;
}

function editableAttributes(textarea, id, hint) {
  const label = labelOf(textarea);
  const attributes = {
    id,
    class: "desk-body",
    role: "textbox",
    "aria-multiline": "true",
    lang: textarea.getAttribute("lang"),
    dir: textarea.getAttribute("dir"),
    "aria-labelledby": label?.id,
    "aria-label": label ? null : say("Body"),
    "aria-describedby": [textarea.getAttribute("aria-describedby"), hint].filter(Boolean).join(" "),
    "aria-invalid": textarea.getAttribute("aria-invalid"),
    "aria-required": textarea.required ? "true" : null,
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value));
}

function pictureActions(textarea, desk) {
  const ask = (old) => askPicture(textarea.dataset.pickerUrl, old);
  return {
    insertPicture: async () => {
      const attrs = await ask();
      desk.editor.view.focus();
      if (attrs) insertBlock(desk.editor, desk.editor.schema.nodes.figure.create(attrs));
    },
    editPicture: async () => {
      const attrs = await ask(desk.editor.getAttributes("figure"));
      desk.editor.view.focus();
      if (attrs) desk.editor.commands.updateAttributes("figure", attrs);
    },
  };
}

function keepInStep(textarea, editor, derived) {
  let last = serialise(editor);
  editor.on("update", () => {
    const html = serialise(editor);
    if (html === last) return;
    last = html;
    textarea.value = html;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
  textarea.addEventListener("desk:load", () => {
    editor.commands.setContent(textarea.value, { emitUpdate: false });
    last = serialise(editor);
    derived.forEach((part) => part.show());
  });
}

function makeEditor(textarea, element, desk, actions, hint) {
  return new Editor({
    element,
    editable: !textarea.disabled && !textarea.readOnly,
    content: textarea.value,
    injectCSS: false,
    extensions: extensions({
      editPicture: actions.editPicture, editLink: actions.editLink,
      toolbar: () => desk.toolbar.focus(), keys: () => listKeys(desk.editor, actions),
      pictures: { address: () => textarea.dataset.pickerUrl, tell: (sentence) => desk.notice.show(sentence) },
    }),
    editorProps: {
      attributes: editableAttributes(textarea, uniqueId("desk-body"), hint.id),
      transformPastedHTML: (pasted) => {
        const { html, pictures } = cleanPasted(pasted);
        desk.notice.show(picturesLeftOut(pictures));
        return html;
      },
    },
  });
}

function goWhereAsked({ editor }, textarea) {
  const place = askedFor(textarea.id);
  if (place !== null) goTo(editor, place);
}

function assemble(textarea, desk, actions) {
  const sheet = el("div", { class: "desk-sheet" });
  const hint = el("span", { id: uniqueId("desk-keys") }, say("Alt+F10 goes to the toolbar; Escape, then Tab, leaves the text."));
  desk.notice = notice();
  desk.editor = makeEditor(textarea, sheet, desk, actions, hint);
  desk.toolbar = toolbar(desk.editor, {
    groups: mainGroups(actions), contexts: contexts(actions),
    label: say("Formatting"), controls: desk.editor.view.dom.id,
  });
  desk.outline = outline(desk.editor);
  desk.count = wordCount(desk.editor, textarea.lang);
  const head = el("div", { class: "desk-head" }, desk.toolbar.element, desk.notice.element);
  const side = el("div", { class: "desk-side" }, desk.outline.element);
  const text = el("div", { class: "desk-text" }, side, sheet);
  const foot = el("p", { class: "desk-foot" }, hint, desk.count.element);
  const frame = el("div", { class: "desk-editor" }, head, text, foot);
  desk.outline.fit(frame);
  sheet.addEventListener("mousedown", (event) => {
    if (event.target === sheet) { event.preventDefault(); desk.editor.commands.focus("end"); }
  });
  return frame;
}

function enhance(textarea) {
  const desk = {};
  const actions = {
    ...pictureActions(textarea, desk),
    editLink: (editor) => editLink(editor, textarea.dataset.findUrl),
  };
  textarea.before(assemble(textarea, desk, actions));
  textarea.hidden = true;
  // A hidden field that is required would keep the form from being sent, without a word.
  textarea.required = false;
  textarea.labels[0]?.addEventListener("click", () => desk.editor.view.focus());
  keepInStep(textarea, desk.editor, [desk.outline, desk.count]);
  guard(textarea.form);
  const go = () => goWhereAsked(desk, textarea);
  window.addEventListener("hashchange", go);
  // The browser itself goes to the hidden field first, which takes the focus away.
  if (document.readyState === "complete") go();
  else window.addEventListener("load", () => setTimeout(go));
}

for (const textarea of document.querySelectorAll("textarea[data-body-editor]")) enhance(textarea);
