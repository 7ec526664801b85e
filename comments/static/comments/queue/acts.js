/**
 * Decisions without a page load.
 *
 * A case that is decided becomes a line at once and the next one is current; if the server says no, or nothing at
 * all, the case comes back with the sentence. decisions(queue, pile) gives {press, undoLast}.
 */

import { el, jsonOf, say } from "../../articles/desk/dom.js";

const SECONDS = 20;
const OFFLINE = "The site did not answer, so nothing is certain. Look whether you are online, then decide again.";
const SIGNED_OUT = "The site did not take this. You may have been signed out: open the desk in another tab, then try again.";

class Refused extends Error {
  constructor(sentence, isDecided = false) {
    super(sentence);
    this.isDecided = isDecided; // by somebody else, meanwhile
  }
}

/** Sends a form's fields and gives the JSON of the answer. Throws Refused with the sentence to show. */
async function send(address, fields) {
  let response;
  let answer;
  try {
    response = await fetch(address, {
      method: "POST",
      body: fields,
      credentials: "same-origin",
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout?.(SECONDS * 1000),
    });
    answer = await jsonOf(response);
  } catch {
    throw new Refused(say(OFFLINE));
  }
  if (response.ok && answer.said) return answer;
  if (answer.counts) show.standing(answer);
  throw new Refused(answer.error ?? say(response.status >= 500 ? OFFLINE : SIGNED_OUT), answer.decided);
}

const show = { standing: () => {} };

export function decisions(queue, pile) {
  const bar = queue.querySelector("[data-undo]");
  const undoForm = queue.querySelector("[data-undo-form]");
  const made = []; // what can be taken back, in the order of the presses: answers come in any order
  let presses = 0;
  let told = 0;
  let counted = 0;

  show.standing = ({ counts, longest, at }) => {
    if (at < counted) return;
    counted = at ?? counted;
    for (const [name, count] of Object.entries(counts ?? {})) queue.querySelector(`[data-count="${name}"]`).textContent = count;
    queue.querySelector("[data-longest]").textContent = longest ? `Longest wait ${longest}` : "";
  };

  function tell(said, undoes = "") {
    bar.removeAttribute("data-idle");
    bar.querySelector("[data-said]").textContent = said;
    undoForm.hidden = !undoes;
    undoForm.elements.undo.value = undoes;
  }

  /** Puts a line in the place of a case; gives what puts the case back. */
  function collapse(item, words) {
    const line = el("p", {}, words);
    const undo = el("button", { type: "button", hidden: true }, "Undo", el("span", { class: "visually-hidden" }, `: ${item.dataset.name}`));
    const whole = el("div", { class: "done-line" }, line, undo);
    item.hidden = true;
    item.after(whole);
    return {
      say(text, isUndoable) {
        line.textContent = text;
        undo.hidden = !isUndoable;
      },
      undo,
      expand() {
        whole.remove();
        item.hidden = false;
      },
    };
  }

  function complain(item, sentence) {
    item.querySelector(".trouble")?.remove();
    item.querySelector(".decide").before(el("p", { class: "trouble", role: "alert" }, sentence));
  }

  function press(item, verb) {
    const form = item.querySelector(".decide");
    const fields = new FormData(form);
    fields.set("do", verb);
    item.querySelector(".trouble")?.remove();
    const line = collapse(item, `${item.dataset.name}…`);
    const act = { item, line, answer: null, number: ++presses };
    made.push(act);
    pile.take(item);
    act.sent = send(form.action, fields).then((answer) => {
      act.answer = answer;
      form.elements.seen.value = answer.seen;
      line.say(answer.said, Boolean(answer.decision));
      line.undo.addEventListener("click", () => undo(act));
      if (!answer.decision) forget(act);
      if (act.number > told) {
        told = act.number;
        tell([answer.said, answer.until].filter(Boolean).join(" "), answer.decision);
      }
      show.standing(answer);
    }).catch((error) => {
      forget(act);
      if (error.isDecided) {
        line.say(error.message, false);
        tell(error.message);
        return;
      }
      const isTyping = document.activeElement?.matches?.("input, textarea, select");
      line.expand();
      complain(item, error instanceof Refused ? error.message : say(OFFLINE));
      pile.giveBack(item, { focus: !isTyping });
    });
    return act.sent;
  }

  function forget(act) {
    const place = made.indexOf(act);
    if (place >= 0) made.splice(place, 1);
    return place >= 0;
  }

  async function undo(act) {
    if (!forget(act)) return;
    const fields = new FormData(undoForm);
    fields.set("undo", act.answer.decision);
    try {
      const answer = await send(undoForm.action, fields);
      act.line.expand();
      act.item.querySelector(".decide").elements.seen.value = answer.seen;
      pile.giveBack(act.item, { focus: true });
      tell(answer.said);
      show.standing(answer);
    } catch (error) {
      made.push(act);
      made.sort((one, other) => one.number - other.number);
      tell(error instanceof Refused ? error.message : say(OFFLINE), act.answer.decision);
    }
  }

  async function undoLast() {
    for (let act = made.at(-1); act; act = made.at(-1)) {
      await act.sent;
      if (made.at(-1) === act) return undo(act);
    }
    if (undoForm.elements.undo.value && !undoForm.hidden) undoForm.requestSubmit(undoForm.elements.undo);
    else tell("There is nothing to undo here. What was decided earlier is under Decided today.");
    return undefined;
  }

  queue.addEventListener("submit", (event) => {
    const item = event.target.closest("[data-case]");
    if (item && event.submitter?.value) {
      event.preventDefault();
      press(item, event.submitter.value);
    } else if (event.target === undoForm && made.length) {
      event.preventDefault();
      undoLast();
    }
  });

  return { press, undoLast, tell };
}
