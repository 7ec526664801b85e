/**
 * Copies of a form in this browser's own storage, of what the desk has not got yet.
 *
 * One for each open form, by user, article and session; dropped once the desk has it.
 * leftovers() are those whose form is not open any more: it was closed or killed.
 */

const PREFIX = "desk-copy:";
const KEPT_DAYS = 30;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// A browser may refuse storage altogether: then nothing is kept, and nothing is there.
function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch { /* nothing is there */ }
}

function keys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

async function openForms() {
  if (!navigator.locks) return new Set();
  const { held } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name));
}

export class Copies {
  constructor(user, article, session) {
    this.user = user;
    this.session = session;
    this.move(article);
  }

  /** The form became one of another article: a draft that was begun. */
  move(article) {
    this.drop();
    this.key = `${PREFIX}${this.user}:${article}:${this.session}`;
    navigator.locks?.request(this.key, () => new Promise(() => {}));
  }

  /** Whether it could be kept. */
  keep(fields) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), fields }));
      return true;
    } catch {
      return false;
    }
  }

  drop() {
    if (this.key) remove(this.key);
  }

  /** [{key, at, fields}] of this user and article, the newest first. */
  async leftovers() {
    const start = this.key.slice(0, this.key.lastIndexOf(":") + 1);
    const open = await openForms();
    const found = [];
    for (const key of keys().filter((name) => name.startsWith(PREFIX))) {
      const copy = read(key);
      if (!copy || copy.at < Date.now() - KEPT_DAYS * 864e5) remove(key);
      else if (key.startsWith(start) && key !== this.key && !open.has(key)) found.push({ key, ...copy });
    }
    return found.sort((one, other) => other.at - one.at);
  }
}

export function throwAway(copy) {
  remove(copy.key);
}
