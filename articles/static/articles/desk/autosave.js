/**
 * Saves the form round [data-autosave] as an autosave within five seconds of typing.
 *
 * What the desk has not got yet is kept in this browser (copies.js) and sent when the
 * connection or the session is back. Sending the form sends the autosave first, so that
 * neither a dead connection nor an expired session loses what was typed. Attributes of
 * the element: data-autosave, -begin, -presence, -alive, -login, -add (addresses), -article,
 * -user, -unsaved (what the form shows is not saved), -stale (somebody else's version was shown).
 */

import { Copies, throwAway } from "./copies.js";
import { el, say } from "./dom.js";
import { contentOf, fieldsOf, fill, hidden } from "./form-fields.js";
import { show, watch } from "./presence.js";
import { Refused, server } from "./server.js";
import { signIn } from "./sign-in.js";
import { guard } from "./unsaved.js";

const PAUSE = 1500;
const LONGEST = 4000;
const COPY_EVERY = 1000;
const [SIGNED_OUT, FORBIDDEN, STALE, DELETED] = [401, 403, 409, 410];
const RETRIES = [2000, 4000, 8000, 15000, 30000];
const time = (moment) => new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function newSession() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Autosave {
  constructor(place) {
    this.form = place.closest("form");
    this.urls = { ...place.dataset };
    this.session = newSession();
    hidden(this.form, "session").value = this.session;
    this.copies = new Copies(place.dataset.user, place.dataset.article, this.session);
    this.server = server(this.form, this.urls.alive);
    this.line = el("p", { class: "desk-saving" });
    this.alarm = el("p", { class: "desk-hidden", role: "status" });
    [...this.form.querySelectorAll(".submit-row")].at(-1)?.append(this.line, this.alarm);
    this.company = this.form.querySelector("[data-company]");
    this.presence = watch(this.company, () => ({
      csrfmiddlewaretoken: this.server.token, session: this.session, based_on: hidden(this.form, "based_on").value,
    }));
    this.presence.follow(this.urls.presence);
    const isUnsaved = "unsaved" in this.urls;
    Object.assign(this, { saved: isUnsaved ? null : this.content(), since: 0, timer: 0, failures: 0, sending: null });
    this.halted = "stale" in this.urls ? STALE : 0;
    guard(this.form);
    this.listen();
    if (isUnsaved) this.form.dispatchEvent(new Event("input", { bubbles: true }));
    this.offerLeftovers();
  }

  content() {
    return new URLSearchParams(contentOf(this.form)).toString();
  }

  listen() {
    const typed = () => this.typed();
    this.form.addEventListener("input", typed);
    this.form.addEventListener("change", typed);
    window.addEventListener("online", () => this.send());
    window.addEventListener("focus", () => { if (this.content() !== this.saved) this.typed(); });
    window.addEventListener("pagehide", () => this.keepCopy());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.keepCopy(); });
    this.form.addEventListener("submit", (event) => this.submitting(event), { capture: true });
  }

  typed() {
    const now = Date.now();
    if (!this.since && !this.halted) this.tell(say("Not saved yet."));
    this.since ||= now;
    if (!this.copyTimer) this.copyTimer = setTimeout(() => this.keepCopy(), COPY_EVERY);
    if (!this.failures) this.schedule(Math.min(PAUSE, Math.max(0, this.since + LONGEST - now)));
  }

  schedule(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  /** Puts what the desk has not got into this browser's storage. */
  keepCopy() {
    clearTimeout(this.copyTimer);
    this.copyTimer = 0;
    if (!this.since) return;
    if (!this.copies.keep(fieldsOf(this.form))) this.tell(say("This browser has no room to keep a copy: do not close it before all is saved."), true);
  }

  /** Sends what changed; gives whether the desk has it all now. */
  send() {
    this.sending ??= this.sendOnce().finally(() => { this.sending = null; });
    return this.sending;
  }

  async sendOnce() {
    const content = this.content();
    if (this.halted) return false;
    if (content === this.saved) return this.settled();
    const began = Date.now();
    this.tell(say("Saving…"));
    try {
      const text = new URLSearchParams(fieldsOf(this.form)).toString();
      this.took(await this.server.post(this.urls.autosave, text), content, began);
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  took(answer, content, began) {
    hidden(this.form, "based_on").value = answer.revision;
    Object.assign(this, { saved: content, failures: 0, since: began });
    if (this.urls.article === "new") this.begun(answer);
    this.presence.follow(answer.presence);
    show(this.company, answer.others);
    const isAll = this.content() === content;
    if (isAll) this.settled();
    else this.typed();
    const problems = Object.entries(answer.problems).map(([name, words]) => `${name}: ${words}`);
    const words = `${say("Saved")} ${answer.at}`;
    if (problems.length) this.tell(`${words}, ${say("all but this:")} ${problems.join(" ")}`, true);
    else this.tell(isAll ? `${words}.` : say("Not saved yet."));
  }

  settled() {
    this.since = 0;
    this.copies.drop();
    this.form.dispatchEvent(new Event("desk:saved"));
    return true;
  }

  /** A new article has become a draft: the page is now that of its form. */
  begun(answer) {
    Object.assign(this.urls, { article: String(answer.article), autosave: answer.autosave });
    this.form.action = answer.change;
    history.replaceState(null, "", answer.change);
    this.copies.move(this.urls.article);
  }

  failed(error) {
    this.keepCopy();
    this.failures += 1;
    const { status, message } = error instanceof Refused ? error : {};
    if (status === SIGNED_OUT) this.halt(status, message, say("Sign in here"), () => this.signIn());
    else if (status === STALE) this.halt(status, message, say("Look at both…"), () => this.form.requestSubmit(this.form.querySelector("[name=_save]")));
    else if (status === DELETED) this.halt(status, message, say("Save as a new article"), () => this.beginAnew());
    else if (status === FORBIDDEN && error.answer.error) this.halt(status, message);
    else this.later(status);
  }

  /** Says what keeps the desk from having it, with a button where something can be done; nothing more is sent meanwhile. */
  halt(status, words, name, act) {
    this.halted = status;
    const button = name && el("button", { type: "button", class: "button" }, name);
    button?.addEventListener("click", act);
    this.tell(words, true, button);
  }

  later(status) {
    const pause = RETRIES[Math.min(this.failures, RETRIES.length) - 1];
    this.schedule(pause);
    const why = status ? say("The desk could not save.") : say("No connection.");
    this.tell(`${why} ${say("What you wrote is kept in this browser since")} ${time(this.since || Date.now())} ${say("and is sent when it works again.")}`, true);
  }

  resume() {
    Object.assign(this, { halted: 0, failures: 0 });
    return this.send();
  }

  async signIn() {
    if (!(await signIn(this.urls.login))) return false;
    const { user, name } = await this.server.renew();
    if (String(user) !== this.urls.user) {
      this.halt(FORBIDDEN, `${say("You are signed in as")} ${name} ${say("now. What is saved here is saved under that name.")}`, say("Save it"), () => this.resume());
      return false;
    }
    return this.resume();
  }

  beginAnew() {
    this.form.action = this.urls.add;
    hidden(this.form, "based_on").value = "";
    Object.assign(this.urls, { article: "new", autosave: this.urls.begin });
    this.saved = null;
    this.resume();
  }

  /** What is sent to this tab is autosaved first; without a connection or a session it stays. */
  async submitting(event) {
    const { submitter } = event;
    if (this.passes || submitter?.getAttribute("formtarget") === "_blank") return;
    event.preventDefault();
    await new Promise((resolve) => { setTimeout(resolve); }); // until this event is over a form ignores requestSubmit()
    if (!(await this.mayLeave())) return;
    this.passes = true;
    this.form.requestSubmit(submitter);
    this.passes = false;
  }

  async mayLeave() {
    await this.sending;
    if (!this.halted && (await this.send())) return true;
    if (this.halted === SIGNED_OUT) return this.signIn();
    return this.halted === STALE;
  }

  /** Only trouble, and its end, is announced: saving by itself is no news. */
  tell(words, isTrouble = false, button = null) {
    const ends = this.line.classList.contains("desk-trouble") && !isTrouble;
    this.line.classList.toggle("desk-trouble", isTrouble);
    if (isTrouble || ends) this.alarm.textContent = words;
    this.line.replaceChildren(words, ...(button ? [" ", button] : []));
  }

  async offerLeftovers() {
    const [copy] = await this.copies.leftovers();
    if (!copy) return;
    const words = `${say("This browser has text of")} ${new Date(copy.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })} ${say("that did not reach the desk.")}`;
    const take = el("button", { type: "button", class: "button" }, say("Put it into the form"));
    const drop = el("button", { type: "button", class: "button" }, say("Throw it away"));
    const box = el("p", { class: "article-state desk-leftover", role: "alert" }, words, " ", take, " ", drop);
    take.addEventListener("click", () => { fill(this.form, copy.fields); throwAway(copy); box.remove(); });
    drop.addEventListener("click", () => { throwAway(copy); box.remove(); });
    this.form.prepend(box);
  }
}

for (const place of document.querySelectorAll("[data-autosave]")) new Autosave(place);
