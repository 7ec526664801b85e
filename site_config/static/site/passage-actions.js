// What a reader can do with words selected in an article: comment on them where that is open, link to them, and make a
// picture of them.

import { commentOn } from "./passage-comments.js";
import { copyLink } from "./passage-link.js";
import { pictureOf } from "./quote-card.js";
import { offer } from "./selection.js";

export function offerActions(prose) {
  const form = [...document.querySelectorAll("form[data-talk]")].find((one) => one.querySelector("[data-passage]"));
  offer(prose, [...(form ? [commentOn(form)] : []), copyLink(prose), pictureOf(prose)]);
}
