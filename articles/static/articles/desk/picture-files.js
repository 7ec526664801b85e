/**
 * Picture files that are dropped on the text or pasted into it.
 *
 * Each stands in the text at once, as a figure that waits (`pending`, a key), and is sent
 * to the library, one after another; then the figure is the library's picture. A file that
 * is refused is taken out again, and a sentence says why. Until then the stored HTML knows
 * nothing of it. takeEmbedded(doc) does the same for pictures that pasted HTML carries.
 */

import { Extension, Plugin } from "../../django_prose_editor/editor.js";
import { askJSON, say, uniqueId } from "./dom.js";
import { EMPTY } from "./figure.js";
import { upload } from "./uploading.js";

const files = new Map();
const added = new Map();

function hold(file) {
  const key = uniqueId("desk-upload");
  files.set(key, file);
  return key;
}

function embedded(address) {
  const [, kind, data] = /^data:(image\/[\w.+-]+);base64,(.+)$/s.exec(address) ?? [];
  if (!data) return null;
  try {
    const bytes = Uint8Array.from(atob(data.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
    return new File([bytes], `${say("pasted picture")}.${kind.slice(6)}`, { type: kind });
  } catch {
    return null;
  }
}

/** Has the pictures that are in the HTML itself wait to be sent. Word's 1-pixel ones are left alone. */
export function takeEmbedded(doc) {
  for (const img of doc.querySelectorAll("img[src^='data:image/']")) {
    const small = ["width", "height"].some((name) => Number(img.getAttribute(name) ?? 9) <= 1);
    const file = small ? null : embedded(img.getAttribute("src"));
    if (!file) continue;
    img.removeAttribute("src");
    img.removeAttribute("data-image");
    img.setAttribute("data-upload", hold(file));
  }
}

function waiting(doc) {
  const found = [];
  doc.descendants((node, place) => {
    if (node.type.name === "figure" && node.attrs.pending) found.push({ node, place });
    return node.type.name !== "figure";
  });
  return found;
}

/** Puts a waiting figure for each file after the block at `place`, or instead of it if it is empty. */
function insert(view, list, place) {
  const { state } = view;
  const $place = state.doc.resolve(place);
  const block = $place.depth ? $place.node(1) : null;
  const figure = state.schema.nodes.figure;
  const nodes = list.map((file) => figure.create({ ...EMPTY, pending: hold(file) }));
  const isBlank = block?.isTextblock && !block.content.size;
  const from = block ? (isBlank ? $place.before(1) : $place.after(1)) : place;
  view.dispatch(state.tr.replaceWith(from, isBlank ? $place.after(1) : from, nodes).scrollIntoView());
  view.focus();
}

function handleDrop(view, event, slice, moved) {
  const list = [...(event.dataTransfer?.files ?? [])];
  if (moved || !list.length || !view.editable) return false;
  event.preventDefault();
  const found = view.posAtCoords({ left: event.clientX, top: event.clientY });
  insert(view, list, found ? found.pos : view.state.doc.content.size);
  return true;
}

/** A program that copies words may add a picture of them: then the words are meant. */
function handlePaste(view, event) {
  const list = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
  if (!list.length || event.clipboardData.getData("text/plain").trim()) return false;
  insert(view, list, view.state.selection.to);
  return true;
}

/** address(): of the picker's list, which names the place to send to; tell(sentence) shows and speaks. */
export const PictureFiles = Extension.create({
  name: "pictureFiles",
  addOptions: () => ({ address: () => "", tell: () => {} }),
  addStorage: () => ({ queue: [], known: new Set(), total: 0, troubles: [] }),
  addProseMirrorPlugins: () => [new Plugin({ props: { handleDrop, handlePaste } })],

  /** What waits is sent once; what came back by redoing is filled in from what the library said. */
  onUpdate() {
    const { storage, editor } = this;
    const found = waiting(editor.state.doc);
    const fresh = found.map(({ node }) => node.attrs.pending).filter((key) => files.has(key) && !storage.known.has(key));
    if (found.some(({ node }) => added.has(node.attrs.pending))) settle(editor);
    if (!fresh.length) return;
    const idle = !storage.queue.length && storage.known.size === added.size + storage.troubles.length;
    fresh.forEach((key) => storage.known.add(key));
    storage.queue.push(...fresh);
    storage.total += fresh.length;
    if (idle) send(this);
  },
});

async function send({ editor, storage, options }) {
  const before = { sent: storage.total - storage.queue.length, troubles: storage.troubles.length };
  let library;
  while (storage.queue.length) {
    const key = storage.queue.shift();
    const file = files.get(key);
    const number = storage.total - storage.queue.length - before.sent;
    options.tell(`${say("Sending picture")} ${number} ${say("of")} ${storage.total - before.sent}: ${file.name}`);
    try {
      library ??= await askJSON(options.address(), { q: "" });
      if (!library.upload_url) throw new Error(say("Adding pictures to the library needs a permission that you do not have."));
      added.set(key, await upload(file, { url: library.upload_url, most: library.most_bytes }));
    } catch (error) {
      storage.troubles.push(`${file.name}: ${/^\d+$/.test(error.message) ? say("The library could not be reached.") : error.message}`);
      files.delete(key);
    }
    settle(editor);
  }
  options.tell(summary(storage.total - before.sent, storage.troubles.slice(before.troubles)));
}

function summary(total, troubles) {
  const good = total - troubles.length;
  const words = good === 1 ? say("The picture is in the text and in the library.") : `${good} ${say("pictures are in the text and in the library.")}`;
  const next = say("Say what it shows: choose it and press Enter.");
  return [...troubles, ...(good ? [words, next] : [])].join(" ");
}

/** Makes each waiting figure the library's picture, or takes it out where its file was refused. No step of the history. */
function settle(editor) {
  const { tr } = editor.state;
  for (const { node, place } of waiting(editor.state.doc).reverse()) {
    const image = added.get(node.attrs.pending);
    const { alt, decorative, credit, src } = image ?? {};
    const attrs = { ...node.attrs, alt, decorative, credit, src, image: String(image?.id), pending: null };
    if (image) tr.setNodeMarkup(place, null, attrs);
    else if (!files.has(node.attrs.pending)) tr.delete(place, place + node.nodeSize);
  }
  if (tr.docChanged) editor.view.dispatch(tr.setMeta("addToHistory", false));
}
