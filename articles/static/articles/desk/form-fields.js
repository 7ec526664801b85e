/**
 * A form's fields as [name, value] pairs, and back.
 *
 * fieldsOf() leaves out the token, contentOf() whatever nobody types; fill() sets what the pairs name, and has the body editor
 * read its field again; hidden(form, name) is the hidden field of that name, made where
 * there is none.
 */

import { el } from "./dom.js";

const OWN = new Set(["csrfmiddlewaretoken", "session", "based_on", "seen"]);

export function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
}

export function contentOf(form) {
  return fieldsOf(form).filter(([name]) => !OWN.has(name));
}

export function hidden(form, name) {
  const found = form.elements[name];
  if (found) return found;
  const made = el("input", { type: "hidden", name });
  form.append(made);
  return made;
}

export function fill(form, pairs) {
  const wanted = new Map();
  for (const [name, value] of pairs) if (!OWN.has(name)) wanted.set(name, [...(wanted.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || OWN.has(field.name) || ["submit", "button", "hidden"].includes(field.type)) continue;
    const values = wanted.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (wanted.has(field.name)) field.value = values[0];
    if (field.matches("[data-body-editor]")) field.dispatchEvent(new Event("desk:load"));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
