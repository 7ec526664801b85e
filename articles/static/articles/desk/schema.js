/**
 * What the body may hold: the list of extensions that make the editor's schema.
 * The server's cleaner allows the same and decides in the end.
 */

import {
  Blockquote, Bold, BulletList, Code, CodeBlock, Document, Dropcursor, Extension, Gapcursor, HardBreak, Heading,
  History, HorizontalRule, Italic, ListItem, OrderedList, Paragraph, Strike, Subscript, Superscript, Text,
  TrailingNode, wrappingInputRule,
} from "../../django_prose_editor/editor.js";
import { Callout, PullQuote, PullSource, PullWords } from "./blocks.js";
import { Figure } from "./figure.js";
import { DeskLink } from "./link.js";
import { PictureFiles } from "./picture-files.js";
import { tableExtensions } from "./table.js";

const Numbered = OrderedList.extend({
  addAttributes: () => ({
    start: { default: 1, parseHTML: (list) => Number.parseInt(list.getAttribute("start"), 10) || 1 },
  }),
  addNodeView: () => null,
  addInputRules() {
    return [wrappingInputRule({
      find: /^(\d+)[.)]\s$/,
      type: this.type,
      getAttributes: (match) => ({ start: Number(match[1]) }),
      joinPredicate: (match, node) => node.childCount + node.attrs.start === Number(match[1]),
    })];
  },
});

/** The language and direction of a block, where an import or a writer of HTML gave them. */
const Meaning = Extension.create({
  name: "meaning",
  addGlobalAttributes() {
    const attribute = { default: null };
    return [{ types: ["paragraph", "heading", "blockquote", "listItem"], attributes: { lang: attribute, dir: attribute } }];
  },
});

/** Keys that no single extension owns. */
const DeskKeys = Extension.create({
  name: "deskKeys",
  addOptions: () => ({ toolbar: () => {}, keys: () => {} }),
  addKeyboardShortcuts() {
    return {
      "Alt-F10": () => { this.options.toolbar(); return true; },
      "Mod-/": () => { this.options.keys(); return true; },
      "Mod-]": () => this.editor.commands.sinkListItem("listItem"),
      "Mod-[": () => this.editor.commands.liftListItem("listItem"),
    };
  },
});

/** editPicture() and editLink() open what is at the cursor, toolbar() takes the focus there, keys() lists the keys;
 * `pictures` are the options of PictureFiles. */
export function extensions({ editPicture, editLink, toolbar, keys, pictures }) {
  return [
    Document, Paragraph, Text, HardBreak, History, Dropcursor, Gapcursor, TrailingNode,
    Heading.configure({ levels: [2, 3, 4] }),
    Bold, Italic, Code, Strike, Subscript, Superscript, DeskLink.configure({ edit: editLink }), Meaning,
    BulletList, Numbered, ListItem, Blockquote, HorizontalRule,
    CodeBlock.configure({ languageClassPrefix: "" }),
    PullQuote, PullWords, PullSource, Callout,
    Figure.configure({ edit: editPicture }), PictureFiles.configure(pictures),
    ...tableExtensions,
    DeskKeys.configure({ toolbar, keys }),
  ];
}
