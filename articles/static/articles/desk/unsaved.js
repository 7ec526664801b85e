/**
 * Asks before a page with unsaved changes is left.
 *
 * guard(form): any input or change event makes the form unsaved. Sending it, or the
 * event `desk:saved` on it (for autosave), makes it saved. A form sent to another tab
 * (preview) stays unsaved. One guard a form, however often it is asked for.
 */

const guarded = new WeakSet();

export function guard(form) {
  if (!form || guarded.has(form)) return;
  guarded.add(form);
  let unsaved = false;
  const change = () => { unsaved = true; };
  form.addEventListener("input", change);
  form.addEventListener("change", change);
  form.addEventListener("desk:saved", () => { unsaved = false; });
  form.addEventListener("submit", ({ submitter, defaultPrevented }) => {
    if (defaultPrevented) return;
    const target = submitter?.getAttribute("formtarget") ?? form.getAttribute("target") ?? "";
    if (target === "" || target === "_self") unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
