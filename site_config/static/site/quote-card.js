// A picture of selected words with where they are from, drawn here on the reader's machine: to save, or to share where the
// browser can. In the page's own colours and type.

import { addressOfPage } from "./passage-link.js";

const WIDTH = 1200;
const HEIGHT = 630;
const EDGE = 80;
const RULE = 10;
const LARGEST = 68;
const SMALLEST = 30;
const LINE = 1.35;
const ROOM = HEIGHT - 2 * EDGE - 110;
const OPENING = /^[\p{Ps}\p{Pi}¿¡]+$/u;

export const pictureOf = (prose) => ({
  label: "Make a picture",
  most: 400,
  act: ({ exact }) => show(exact, prose),
});

function show(quote, prose) {
  const source = sourceOf(prose);
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `“${quote}” ${source.title}. ${source.where}`);
  draw(canvas.getContext("2d"), quote, source, prose);

  const dialog = Object.assign(document.createElement("dialog"), { className: "quote-card", lang: "en", dir: "ltr" });
  dialog.setAttribute("aria-labelledby", "quote-card-title");
  const heading = Object.assign(document.createElement("h2"), { id: "quote-card-title", textContent: "These words as a picture" });
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  const buttons = Object.assign(document.createElement("p"), { className: "buttons" });
  buttons.append(...actsOn(canvas, source, status), button("Close", () => dialog.close(), "plain"));
  dialog.append(heading, canvas, buttons, status);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function actsOn(canvas, { title, url }, status) {
  const attempt = (act) => async () => {
    try {
      await act(await fileOf(canvas));
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = "That did not work. You can take a picture of the screen instead.";
    }
  };
  const saving = button("Save the picture", attempt((file) => {
    save(file);
    status.textContent = `Saved as ${file.name}.`;
  }));
  const trial = new File([""], "quote.png", { type: "image/png" });
  if (!navigator.canShare?.({ files: [trial] })) return [saving];
  return [saving, button("Share…", attempt((file) => navigator.share({ files: [file], title, url })), "plain")];
}

function sourceOf(prose) {
  const url = addressOfPage();
  const authors = [...document.querySelectorAll(".by [rel=author]")].map((link) => link.textContent.trim());
  const site = document.querySelector(".site-name")?.textContent.trim();
  const where = [authors.join(", "), site, new URL(url).host].filter(Boolean).join(" · ");
  const title = document.getElementById("title")?.textContent.trim() ?? document.title;
  return { url, title, where, lang: prose.closest("[lang]")?.lang || "en" };
}

function draw(pen, quote, source, prose) {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const { direction, fontFamily: serif } = getComputedStyle(prose);
  const sans = getComputedStyle(document.body).fontFamily;
  const back = direction === "rtl";
  const start = back ? WIDTH - EDGE : EDGE;
  const within = back ? start - 3 * RULE : start + 3 * RULE;
  pen.direction = direction;
  pen.textAlign = "start";
  pen.textBaseline = "alphabetic";
  pen.fillStyle = colour("--paper");
  pen.fillRect(0, 0, WIDTH, HEIGHT);

  const [size, lines] = set(pen, quote, serif, WIDTH - 2 * EDGE - 3 * RULE, source.lang);
  const height = lines.length * size * LINE;
  const top = EDGE + Math.max(0, (ROOM - height) / 2);
  pen.fillStyle = colour("--accent");
  pen.fillRect(back ? start - RULE : start, top, RULE, height);
  pen.fillStyle = colour("--ink");
  lines.forEach((line, number) => pen.fillText(line, within, top + size * (LINE * number + 1)));

  pen.font = `600 30px ${serif}`;
  pen.fillText(shortened(pen, source.title, WIDTH - 2 * EDGE), start, HEIGHT - EDGE - 36);
  pen.font = `24px ${sans}`;
  pen.fillStyle = colour("--soft");
  pen.fillText(shortened(pen, source.where, WIDTH - 2 * EDGE), start, HEIGHT - EDGE + 6);
}

// The largest type in which all lines have room, and the lines.
function set(pen, quote, family, width, lang) {
  const units = unitsOf(quote, lang);
  for (let size = LARGEST; ; size -= 2) {
    pen.font = `${size}px ${family}`;
    const lines = wrap(pen, units, width);
    if (lines.length * size * LINE <= ROOM || size <= SMALLEST) return [size, lines];
  }
}

// What may not be parted at a line's end: words with the punctuation that belongs to them, by the rules of the language.
function unitsOf(quote, lang) {
  if (!Intl.Segmenter) return quote.split(/(?<=\s)/);
  const units = [];
  let opened = false;
  for (const { segment, isWordLike } of new Intl.Segmenter(lang, { granularity: "word" }).segment(quote)) {
    const begins = (isWordLike || OPENING.test(segment)) && !opened;
    if (begins || !units.length) units.push(segment);
    else units[units.length - 1] += segment;
    opened = OPENING.test(segment) || (opened && !isWordLike && !/\s$/.test(segment));
  }
  return units;
}

function wrap(pen, units, width) {
  const lines = [];
  let line = "";
  for (const unit of units.flatMap((one) => (pen.measureText(one.trimEnd()).width > width ? [...one] : [one]))) {
    if (line && pen.measureText((line + unit).trimEnd()).width > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += unit;
  }
  return line.trim() ? [...lines, line.trimEnd()] : lines;
}

function shortened(pen, words, width) {
  if (pen.measureText(words).width <= width) return words;
  const letters = [...words];
  while (letters.length && pen.measureText(`${letters.join("")}…`).width > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

async function fileOf(canvas) {
  const blob = await new Promise((give) => canvas.toBlob(give, "image/png"));
  return new File([blob], `${location.pathname.split("/").findLast(Boolean) ?? "article"}-quote.png`, { type: "image/png" });
}

function save(file) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function button(name, act, kind = "") {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: name, className: kind });
  made.addEventListener("click", act);
  return made;
}
