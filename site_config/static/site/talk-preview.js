// How a comment would look, under its form. It is cut out of the page that the button leads to without script; where that page
// has no preview, something is wrong with what was typed, and the page itself is shown.

export async function show(form) {
  const place = placeUnder(form);
  const data = new FormData(form);
  data.append("preview", "");
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-preview]");
  const title = document.createElement("p");
  title.className = "section";
  title.textContent = found.querySelector("h2").textContent;
  place.replaceChildren(title, ...[...found.children].slice(1).map((child) => document.importNode(child, true)));
  place.scrollIntoView({ block: "nearest" });
}

// It stands there before anything is in it, so that what comes is read out.
function placeUnder(form) {
  const there = form.querySelector(".preview-here");
  if (there) return there;
  const place = document.createElement("div");
  place.className = "preview-here";
  place.setAttribute("role", "status");
  form.append(place);
  return place;
}
