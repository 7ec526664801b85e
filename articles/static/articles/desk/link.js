/**
 * Links: <a href data-article?>, and the dialog that sets their address.
 *
 * data-article is the id of an article of this site; it stays only while the
 * address stays as it was.
 */

import { Link } from "../../django_prose_editor/editor.js";
import { openDialog } from "./dialog.js";
import { say } from "./dom.js";

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const ALLOWED = /^(https?|mailto|tel):/i;
const HOST = /^[^\s/@]+\.[^\s/@]{2,}(\/|$)/;

export const DeskLink = Link.extend({
  addAttributes: () => ({
    href: { default: null },
    article: {
      default: null,
      parseHTML: (anchor) => anchor.getAttribute("data-article"),
      renderHTML: ({ article }) => (article ? { "data-article": article } : {}),
    },
  }),
  parseHTML() {
    return [...this.parent(), { tag: "a[data-article]" }];
  },
  addKeyboardShortcuts() {
    return { "Mod-k": () => { editLink(this.editor); return true; } };
  },
}).configure({ openOnClick: false, autolink: false, shouldAutoLink: (url) => /^https?:\/\//i.test(url) });

/** What the writer meant: a bare host or mail address gets its scheme. */
export function completeAddress(text) {
  if (SCHEME.test(text) || /^[/#?.]/.test(text)) return text;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`;
  return HOST.test(text) ? `https://${text}` : text;
}

function checkLink({ href, words }) {
  const errors = {};
  if (!href) errors.href = say("Enter the address that the link leads to.");
  else if (SCHEME.test(href) && !ALLOWED.test(href)) {
    errors.href = say("Use an address that begins with https, http, mailto or tel.");
  } else if (!SCHEME.test(completeAddress(href)) && !/^[/#?]/.test(href)) {
    errors.href = say("Enter a whole address, such as https://example.org/page, or one of this site, such as /about.");
  }
  if (words === "") errors.words = say("Enter the words to show.");
  return errors;
}

/** Asks for the address of the link at the cursor, or of a new one. */
export async function editLink(editor) {
  const old = editor.getAttributes("link");
  const bare = editor.state.selection.empty && !editor.isActive("link");
  const fields = [{
    name: "href", label: say("Address"), value: old.href,
    hint: say("A page elsewhere: https://example.org/page. On this site: /about."),
  }];
  if (bare) fields.push({ name: "words", label: say("Words to show") });
  const title = old.href ? say("Change the link") : say("Insert a link");
  const { result } = openDialog({ title, submit: old.href ? say("Save") : say("Insert"), fields, check: checkLink });
  const values = await result;
  editor.view.focus();
  if (values) applyLink(editor, old, values);
}

function applyLink(editor, old, { href, words }) {
  const address = completeAddress(href);
  const attrs = { href: address, article: address === old.href ? old.article : null };
  const chain = editor.chain().focus();
  if (words) chain.insertContent({ type: "text", text: words, marks: [{ type: "link", attrs }] }).unsetMark("link").run();
  else chain.extendMarkRange("link").setMark("link", attrs).run();
}
