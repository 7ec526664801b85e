/**
 * A form in a native <dialog>.
 *
 * openDialog({title, submit, cancel, fields, lead, check}) shows it and returns
 * {controls, result}. A field is {name, label, type, value, hint, min, max};
 * types are text (default), textarea, number, checkbox and select (`options` are pairs of
 * value and words). `lead` is an element
 * shown above the fields, `cancel` null where there is nothing to refuse. check(values) may return {name: sentence}: the dialog
 * then stays open with each sentence beside its field (one about `lead` is shown there
 * by the caller). `result` is a promise of
 * the values, or of null when it was left by Escape or Cancel.
 */

import { el, say, uniqueId } from "./dom.js";

function control(field, id) {
  if (field.type === "textarea") {
    const area = el("textarea", { id, name: field.name, rows: 3 });
    area.value = field.value ?? "";
    return area;
  }
  if (field.type === "select") {
    const words = field.options.map(([value, text]) => el("option", { value, selected: value === field.value }, text));
    return el("select", { id, name: field.name }, ...words);
  }
  const type = field.type ?? "text";
  const input = el("input", { id, name: field.name, type, min: field.min, max: field.max, autocomplete: "off" });
  if (type === "checkbox") input.checked = Boolean(field.value);
  else input.value = field.value ?? "";
  return input;
}

function fieldRow(field) {
  const id = uniqueId("desk-field");
  const input = control(field, id);
  const error = el("p", { class: "desk-error", id: `${id}-error`, hidden: true });
  const hint = field.hint ? el("p", { class: "desk-hint", id: `${id}-hint` }, field.hint) : null;
  const label = el("label", { for: id }, field.label);
  const named = [hint && hint.id, error.id].filter(Boolean).join(" ");
  input.setAttribute("aria-describedby", named);
  const box = field.type === "checkbox";
  const row = el("div", { class: box ? "desk-field desk-check" : "desk-field" });
  row.append(...(box ? [input, label, hint, error] : [label, hint, error, input]).filter(Boolean));
  return { row, input, error };
}

function readValues(rows) {
  const values = {};
  for (const [name, { input }] of rows) {
    values[name] = input.type === "checkbox" ? input.checked : input.value.trim();
  }
  return values;
}

/** Writes each sentence beside its field and goes to the first. */
function showErrors(rows, errors) {
  let first = null;
  for (const [name, { input, error }] of rows) {
    const sentence = errors[name] ?? "";
    error.textContent = sentence;
    error.hidden = !sentence;
    if (sentence) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (sentence && !first) first = input;
  }
  first?.focus();
}

function frame({ title, submit, cancel, lead }, rows) {
  const heading = el("h2", { id: uniqueId("desk-title") }, title);
  const leave = cancel && el("button", { type: "button", class: "desk-plain" }, cancel);
  const buttons = el("p", { class: "desk-buttons" }, el("button", { type: "submit" }, submit), leave);
  const form = el("form", { method: "dialog", novalidate: true }, heading, lead);
  form.append(...[...rows.values()].map(({ row }) => row), buttons);
  const dialog = el("dialog", { class: "desk-dialog", "aria-labelledby": heading.id }, form);
  leave?.addEventListener("click", () => dialog.close());
  return { dialog, form };
}

export function openDialog({ title, submit, cancel = say("Cancel"), fields = [], lead = null, check = () => ({}) }) {
  const rows = new Map(fields.map((field) => [field.name, fieldRow(field)]));
  const { dialog, form } = frame({ title, submit, cancel, lead }, rows);
  const result = new Promise((resolve) => {
    const leave = (answer) => {
      dialog.remove();
      resolve(answer);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = readValues(rows);
      const errors = check(values);
      showErrors(rows, errors);
      if (Object.keys(errors).length) return;
      dialog.close();
      // Not by the event, which comes later: a key that is typed meanwhile would be lost.
      leave(values);
    });
    dialog.addEventListener("close", () => leave(null));
  });
  document.body.append(dialog);
  dialog.showModal();
  // As Tab would: what is typed next replaces what the field begins with.
  document.activeElement.select?.();
  const controls = Object.fromEntries([...rows].map(([name, { input }]) => [name, input]));
  return { controls, result };
}
