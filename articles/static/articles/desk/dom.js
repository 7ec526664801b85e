/**
 * Building elements by DOM calls (the admin's CSP forbids inline markup tricks).
 *
 * el(tag, attributes, ...children): attributes that are false, null or
 * undefined are left out, true becomes the empty string.
 * say(text): the text in the editor's language, if Django's catalogue has it.
 */

export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same, in a document of your choice (an inert one loads no pictures). */
export function elIn(owner, tag, attributes = {}, ...children) {
  return fill(owner.createElement(tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function say(text) {
  return window.gettext ? window.gettext(text) : text;
}

let counter = 0;

export function uniqueId(stem) {
  counter += 1;
  return `${stem}-${counter}`;
}

/** Calls `job` once, `pause` ms after the last of a burst of calls. */
export function later(job, pause) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => job(...values), pause);
  };
}

/** The JSON of an answer; {} for one that is something else. */
export async function jsonOf(response) {
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return isJson ? response.json() : {};
}

/** What an address of the desk answers as JSON, with these parameters. Rejects any answer but a success. */
export async function askJSON(address, parameters) {
  const url = new URL(address, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}
