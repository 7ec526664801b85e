// A link that lands on the selected words: a text fragment (https://wicg.github.io/scroll-to-text-fragment/). Browsers that
// know none open the article.

const ENDS = 4;
const BEFORE = 3;

export function copyLink(root) {
  return {
    label: "Copy a link to this",
    async act(passage) {
      const link = linkTo(passage, root.textContent);
      try {
        await navigator.clipboard.writeText(link);
        return "The link is copied.";
      } catch {
        return { label: "The link to these words", link }; // no clipboard without https
      }
    },
  };
}

export function linkTo(passage, text) {
  const { exact, prefix } = wholeWords(passage);
  const words = exact.split(" ");
  const long = words.length > 2 * ENDS;
  const range = long ? [words.slice(0, ENDS), words.slice(-ENDS)] : words.length > 1 ? [words.slice(0, -1), words.slice(-1)] : [words];
  const before = isOnce(words.slice(0, ENDS).join(" "), text) ? [] : prefix.trim().split(" ").slice(-BEFORE);
  const parts = range.map((some) => encoded(some.join(" ")));
  return `${addressOfPage()}#:~:text=${before[0] ? `${encoded(before.join(" "))}-,` : ""}${parts.join(",")}`;
}

export function addressOfPage() {
  return document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0];
}

// Fragments match whole words alone: half a word at an end of the selection is made whole.
function wholeWords({ exact, prefix, suffix }) {
  const head = /^[\p{L}\p{N}]/u.test(exact) ? (/[\p{L}\p{N}]+$/u.exec(prefix)?.[0] ?? "") : "";
  const tail = /[\p{L}\p{N}]$/u.test(exact) ? (/^[\p{L}\p{N}]+/u.exec(suffix)?.[0] ?? "") : "";
  return { exact: head + exact + tail, prefix: prefix.slice(0, prefix.length - head.length) };
}

function isOnce(words, text) {
  const plain = text.replace(/\s+/g, " ");
  return plain.indexOf(words) === plain.lastIndexOf(words);
}

// Of what encodeURIComponent leaves, a hyphen alone means something in a fragment.
function encoded(words) {
  return encodeURIComponent(words).replaceAll("-", "%2D");
}
