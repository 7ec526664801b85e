/** The few signs of the toolbar, drawn by DOM calls. Each goes with an accessible name. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  bullets: "M7 4h7M7 8h7M7 12h7M2.5 4h1M2.5 8h1M2.5 12h1",
  numbers: "M7 4h7M7 8h7M7 12h7M2 2.6 3.2 2v3.6M2 9.2c.2-1 1.9-.9 1.8.2C3.7 10.2 2 11 2 12.6h2",
  undo: "M5.5 2.5 2.5 5.5l3 3M3 5.5h6a4 4 0 0 1 0 8H6",
  redo: "M10.5 2.5l3 3-3 3M13 5.5H7a4 4 0 0 0 0 8h3",
  code: "M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4",
};

const LETTERS = { bold: ["b", "B"], italic: ["i", "I"], sup: ["sup", "2"], sub: ["sub", "2"] };

function letters(name) {
  const [tag, text] = LETTERS[name];
  const span = document.createElement("span");
  const inner = document.createElement(tag);
  inner.textContent = text;
  span.append(name.startsWith("s") ? "x" : "", inner);
  return span;
}

function drawing(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function icon(name) {
  const sign = name in PATHS ? drawing(name) : letters(name);
  sign.setAttribute("aria-hidden", "true");
  sign.classList.add("desk-icon");
  return sign;
}
