// Marks what is new since the reader's last visit to a conversation. When that was is kept on this machine alone, once the
// conversation has been in view. The first visit marks nothing, nor does one where the browser keeps nothing.

const PAUSE = 30 * 60 * 1000; // who comes back sooner is still on the same visit
const MINUTE = 60 * 1000; // as exactly as comments tell their time

const thread = document.querySelector("ol.thread[data-visits]");
if (thread) {
  const key = `visits:${thread.dataset.visits}`;
  const known = recall(key);
  const before = known && Date.now() - known.at > PAUSE ? { at: known.at, newest: known.newest } : known?.before ?? null;
  if (before) tell(thread, mark(thread, before));
  whenSeen(thread, () => note(key, { newest: Math.max(newestOf(thread), known?.newest ?? 0), before }));
}

// When the last visit was, the newest comment that it saw, and the same of the visit before it.
function recall(key) {
  try {
    const known = JSON.parse(window.localStorage.getItem(key));
    return Number.isFinite(known?.at) && Number.isFinite(known?.newest) ? known : null;
  } catch {
    return null; // a browser may refuse storage
  }
}

function note(key, visit) {
  try {
    window.localStorage.setItem(key, JSON.stringify({ at: Date.now(), ...visit }));
  } catch {
    // then nothing is marked the next time
  }
}

function whenSeen(element, act) {
  const watching = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watching.disconnect();
    act();
  });
  watching.observe(element);
}

function commentsOf(thread) {
  return [...thread.querySelectorAll("article.comment:not(.gone)")];
}

function numberOf(comment) {
  return Number(comment.id.slice(2));
}

function newestOf(thread) {
  return Math.max(0, ...commentsOf(thread).map(numberOf));
}

// A comment is new that was written after that visit, or in its last minute and after all that it saw.
function mark(thread, { at, newest }) {
  const found = commentsOf(thread).filter((comment) => {
    const written = Date.parse(comment.querySelector("time").dateTime);
    return written >= at - (at % MINUTE) && numberOf(comment) > newest;
  });
  for (const comment of found) comment.classList.add("new");
  return found;
}

// Says how many, and leads to the first. Where the page has not the whole conversation, it speaks for the page alone.
function tell(thread, found) {
  if (!found.length) return;
  const isPart = document.querySelector(".talk .pages, .talk .fold, .talk [data-part]");
  const link = document.createElement("a");
  link.href = `#${found[0].id}`;
  link.textContent = `${found.length} new ${isPart ? "here " : ""}since your last visit`;
  const line = document.createElement("p");
  line.className = "visits";
  line.append(link);
  thread.before(line);
}
