// Comments on a passage: words that are selected in the article become what the comment in the form is about.

export function commentOn(form) {
  const about = form.querySelector("[data-passage]");
  return {
    label: "Comment on this",
    most: Number(about.dataset.passage),
    act(passage) {
      for (const [name, words] of Object.entries(passage)) form.elements[name].value = words;
      form.elements.about.checked = true;
      about.querySelector("blockquote").textContent = passage.exact;
      about.hidden = false;
      form.dispatchEvent(new Event("input")); // the draft is about it from now on
      getSelection().removeAllRanges();
      const { name, text } = form.elements;
      (name && !name.value ? name : text).focus({ preventScroll: true });
      form.scrollIntoView({ block: "start", behavior: "instant" });
    },
  };
}
