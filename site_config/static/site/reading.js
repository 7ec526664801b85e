// Enhancements of the article page: the current section in the contents list, the system's share sheet, copy link, and what
// can be done with selected words, whose script is fetched when somebody first selects some.
// Each does nothing if its element or the browser's support is absent.

const contents = document.querySelector("[data-contents]");
if (contents && "IntersectionObserver" in window) markCurrentSection(contents);

const share = document.querySelector("[data-share]");
if (share) offerSharing(share);

const prose = document.querySelector("[data-passages]");
if (prose) awaitSelection(prose);

function awaitSelection(root) {
  const once = async () => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.getRangeAt(0).intersectsNode(root)) return;
    document.removeEventListener("selectionchange", once);
    const { offerActions } = await import("./passage-actions.js");
    offerActions(root);
  };
  document.addEventListener("selectionchange", once);
}

function markCurrentSection(nav) {
  const links = new Map([...nav.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    const current = passed.length ? links.get(passed[passed.length - 1].id) : null;
    for (const link of links.values()) {
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  headings.forEach((heading) => observer.observe(heading));
  nav.dataset.marked = ""; // the style sheet's own :target-current stands back
  mark();
}

function offerSharing(place) {
  const list = place.querySelector("ul");
  const status = document.createElement("p");
  status.className = "status";
  status.setAttribute("role", "status");
  const { title, url } = place.dataset;
  if (navigator.clipboard) {
    addButton(list, "Copy link", async () => {
      await navigator.clipboard.writeText(url);
      status.textContent = "The link has been copied.";
    }, status);
  }
  if (navigator.share) addButton(list, "Share…", () => navigator.share({ title, url }), status);
  place.append(status);
}

function addButton(list, name, act, status) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain small";
  button.textContent = name;
  button.addEventListener("click", async () => {
    try {
      await act();
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = "That did not work. You can copy the address from the address bar.";
    }
  });
  const item = document.createElement("li");
  item.append(button);
  list.prepend(item);
}
