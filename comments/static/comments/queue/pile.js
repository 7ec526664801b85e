/**
 * The pile of cases on the page: which one is current, and more of them as they are decided.
 *
 * walk(queue) gives {begin, current, go, next, previous, take, giveBack, adopt}.
 */

const FEW = 6;

export function walk(queue) {
  const list = queue.querySelector("[data-pile-list]");
  const empty = queue.querySelector("[data-empty]");
  const older = queue.querySelector("[data-older]");
  const adopters = [];
  let more = queue.dataset.more ?? "";
  let asking = null;
  let current = null;

  const open = () => [...list.querySelectorAll("[data-case]:not([data-decided])")];

  function mark(item) {
    current?.classList.remove("current");
    current = item;
    current?.classList.add("current");
  }

  /** Makes a case the current one, with the focus on it and its context open. */
  function go(item) {
    if (!item) return;
    mark(item);
    item.querySelector(".context > details").open = true;
    if (!item.contains(document.activeElement)) item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const cases = open();
    const place = cases.indexOf(current);
    const wanted = place < 0 ? cases[0] : cases[Math.min(Math.max(place + by, 0), cases.length - 1)];
    go(wanted);
    return Boolean(wanted) && wanted !== undefined && cases.indexOf(wanted) !== place;
  }

  /** Takes a decided case out of the walk and moves on; the focus goes to the case after it, else to the one before. */
  function take(item) {
    const cases = open();
    const place = cases.indexOf(item);
    item.dataset.decided = "";
    const following = cases[place + 1] ?? cases[place - 1];
    if (following) go(following);
    else {
      mark(null);
      refill();
    }
    if (cases.length - 1 < FEW) refill();
    showEmpty();
  }

  function giveBack(item, { focus }) {
    delete item.dataset.decided;
    showEmpty();
    if (focus || !current) go(item);
  }

  function showEmpty() {
    const isEmpty = !open().length && !more;
    empty.hidden = !isEmpty;
    if (isEmpty && [document.body, null].includes(document.activeElement)) {
      empty.tabIndex = -1;
      empty.focus({ preventScroll: true });
    }
  }

  /** Fetches the next page of the pile, and puts its cases behind those that are here. */
  function refill() {
    if (!more || asking) return;
    const address = new URL(location.pathname, location.href);
    address.search = new URLSearchParams({ pile: queue.dataset.pile, after: more });
    asking = fetch(address, { credentials: "same-origin", redirect: "error" })
      .then((response) => (response.ok ? response.text() : Promise.reject(new Error(String(response.status)))))
      .then(append)
      .catch(() => { if (older) older.hidden = false; })
      .finally(() => { asking = null; });
  }

  function append(text) {
    const found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-queue]");
    if (!found) throw new Error("no queue");
    more = found.dataset.more ?? "";
    for (const item of found.querySelectorAll("[data-pile-list] > li")) {
      const article = item.querySelector("[data-case]");
      if (list.querySelector(`[data-case="${article.dataset.case}"]`)) continue;
      list.append(document.adoptNode(item));
      for (const adopt of adopters) adopt(article);
    }
    if (older) older.hidden = true;
    if (!current) go(open()[0]);
    showEmpty();
    if (more && open().length < FEW) setTimeout(refill);
  }

  list.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-case]:not([data-decided])");
    if (item && item !== current) mark(item);
  });

  return {
    begin() {
      if (older) older.hidden = true;
      const wanted = location.hash && open().find((item) => `#${item.id}` === location.hash);
      const first = wanted || open()[0];
      if (first) go(first);
      if (open().length < FEW) refill();
    },
    get current() { return current; },
    open,
    go,
    next: () => step(1),
    previous: () => step(-1),
    take,
    giveBack,
    onArrival(adopt) {
      for (const item of list.querySelectorAll("[data-case]")) adopt(item);
      adopters.push(adopt);
    },
  };
}
