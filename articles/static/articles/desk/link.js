/**
 * Links: <a href data-article?>, and the dialog that sets where they lead.
 *
 * data-article is the id of an article of this site; it stays only while the address
 * stays as it was. Words typed in the dialog are looked for in the titles of own articles.
 */

import { Link } from "../../django_prose_editor/editor.js";
import { combobox } from "./combobox.js";
import { openDialog } from "./dialog.js";
import { askJSON, el, say } from "./dom.js";

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const ALLOWED = /^(https?|mailto|tel):/i;
const HOST = /^[^\s/@]+\.[^\s/@]{2,}(\/|$)/;

export const DeskLink = Link.extend({
  addOptions() {
    return { ...this.parent?.(), edit: () => {} };
  },
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
    return { "Mod-k": () => { this.options.edit(this.editor); return true; } };
  },
}).configure({ openOnClick: false, autolink: false, shouldAutoLink: (url) => /^https?:\/\//i.test(url), HTMLAttributes: {} });

/** What the writer meant: a bare host or mail address gets its scheme. */
export function completeAddress(text) {
  if (SCHEME.test(text) || /^[/#?.]/.test(text)) return text;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`;
  return HOST.test(text) ? `https://${text}` : text;
}

function isAddress(text) {
  return SCHEME.test(completeAddress(text)) || /^[/#?]/.test(text);
}

function checkLink({ href, words }) {
  const errors = {};
  if (!href) errors.href = say("Enter the address that the link leads to, or words of a title to choose from.");
  else if (SCHEME.test(href) && !ALLOWED.test(href)) {
    errors.href = say("Use an address that begins with https, http, mailto or tel.");
  } else if (!isAddress(href)) {
    errors.href = say("Choose an article from the list, or enter a whole address, such as https://example.org/page.");
  }
  if (words === "") errors.words = say("Enter the words to show.");
  return errors;
}

const STATES = {
  draft: () => say("This article is a draft. Readers see the words without a link until it is published."),
  scheduled: () => say("This article is scheduled. Readers see the words without a link until it goes live."),
  withdrawn: () => say("This article has been withdrawn. Readers see the words without a link."),
};

/** Finds own articles by the words in the field; `chosen` is the one that the address stands for. */
class Finder {
  constructor({ href: input, words }, url, link) {
    Object.assign(this, { input, words, url, chosen: null });
    this.told = el("p", { class: "desk-told", role: "status" });
    combobox(input, {
      label: say("Articles of this site"),
      typed: () => (isAddress(input.value.trim()) ? "" : input.value.trim()),
      ask: async (words) => (await askJSON(url, { q: words })).articles,
      draw: ({ title, state }) => [title, " ", el("small", {}, state)],
      take: (article) => this.take(article),
    });
    input.closest(".desk-field").append(this.told);
    input.select();
    input.addEventListener("input", () => { if (!this.articleAt(input.value.trim())) this.tell(null); });
    if (link.article) this.recall(link);
  }

  /** What the link leads to now, as the desk knows it. */
  async recall({ article, href }) {
    this.chosen = { id: article, address: href };
    const { articles, hidden } = await askJSON(this.url, { id: article }).catch(() => ({ articles: null }));
    if (articles?.length) this.tell(articles[0]);
    else if (hidden) this.told.textContent = say("It leads to an article of somebody else that readers do not see.");
    else if (articles) this.told.textContent = say("The article that this link led to is gone.");
  }

  take(article) {
    this.chosen = article;
    this.input.value = article.address;
    if (this.words?.value === "") this.words.value = article.title;
    this.tell(article);
  }

  tell(article) {
    this.told.textContent = article ? `${article.title}. ${STATES[article.state]?.() ?? say("Readers can see it.")}` : "";
  }

  articleAt(address) {
    return this.chosen?.address === address ? String(this.chosen.id) : null;
  }
}

/** Asks where the link at the cursor leads, or a new one; `url` finds own articles. */
export async function editLink(editor, url) {
  const old = editor.getAttributes("link");
  const bare = editor.state.selection.empty && !editor.isActive("link");
  const fields = [{
    name: "href", label: say("Address, or words of a title on this site"), value: old.href,
    hint: say("Words list the articles that have them. A page elsewhere: https://example.org/page."),
  }];
  if (bare) fields.push({ name: "words", label: say("Words to show") });
  const title = old.href ? say("Change the link") : say("Insert a link");
  const { controls, result } = openDialog({ title, submit: old.href ? say("Save") : say("Insert"), fields, check: checkLink });
  const finder = new Finder(controls, url, old);
  const values = await result;
  editor.view.focus();
  if (!values) return;
  const href = completeAddress(values.href);
  applyLink(editor, { href, article: finder.articleAt(href) }, values.words);
}

function applyLink(editor, attrs, words) {
  const chain = editor.chain().focus();
  if (words) chain.insertContent({ type: "text", text: words, marks: [{ type: "link", attrs }] }).unsetMark("link").run();
  else chain.extendMarkRange("link").setMark("link", attrs).run();
}
