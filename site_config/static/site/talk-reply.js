// The form of a reply, under the comment that it answers. It is the form of the reply's own page, so whatever is wrong with
// what was typed is said there. Closing hides it: nothing typed is lost.

const places = new WeakMap();
let shown = null;

export async function open(link, enhance) {
  const comment = link.closest("article.comment");
  if (shown && shown.link !== link) close(false);
  if (!places.has(comment)) places.set(comment, make(link, comment, enhance));
  const place = await places.get(comment);
  if (shown && shown.link !== link) close(false);
  shown = { link, place };
  place.hidden = false;
  link.setAttribute("aria-expanded", "true");
  const { name, text } = place.querySelector("form").elements;
  (name && !name.value ? name : text).focus();
}

function close(returning = true) {
  shown.place.hidden = true;
  shown.link.setAttribute("aria-expanded", "false");
  if (returning) shown.link.focus();
  shown = null;
}

async function make(link, comment, enhance) {
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = document.importNode(page.querySelector("form[data-talk]"), true);
  rename(form, comment.id);
  const heading = form.querySelector("h2");
  const title = document.createElement("p");
  title.className = "section";
  title.id = heading.id;
  title.textContent = link.textContent;
  heading.replaceWith(title);
  form.querySelector(".buttons").append(cancelling());
  const { name } = form.elements;
  if (name && !name.value) name.value = document.querySelector("#talk > form [name=name]")?.value ?? "";
  const place = document.createElement("div");
  place.className = "reply-here";
  place.append(form);
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    close();
  });
  comment.after(place);
  enhance(form);
  return place;
}

function cancelling() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = "Cancel";
  button.addEventListener("click", () => close());
  return button;
}

// The page has a form with these ids already.
function rename(form, suffix) {
  for (const element of [form, ...form.querySelectorAll("*")]) {
    for (const attribute of ["id", "for", "aria-labelledby", "aria-describedby"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.split(" ").map((id) => `${id}-${suffix}`).join(" "));
    }
  }
}
