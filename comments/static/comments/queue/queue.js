/**
 * The queue without page loads: keys, decisions in place, undo, and a pile that refills itself.
 *
 * The page works without any of this: each case is a plain form. Does nothing where no [data-queue] is.
 */

import { decisions } from "./acts.js";
import { listen } from "./keys.js";
import { walk } from "./pile.js";
import { offerPhrases } from "./phrases.js";

const queue = document.querySelector("[data-queue]");
if (queue?.querySelector("[data-pile-list]")) {
  const pile = walk(queue);
  const acts = decisions(queue, pile);
  offerPhrases(queue, pile);
  listen(queue, pile, acts);
  pile.begin();
}
