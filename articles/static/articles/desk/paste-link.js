/** Links without the detours of programs that count clicks, and none that lead nowhere from here. */

const DETOURS = [
  [/^https?:\/\/(?:www\.)?google\.[a-z.]+\/url\?/i, ["q", "url"]],
  [/^https?:\/\/[a-z0-9-]+\.safelinks\.protection\.outlook\.com\//i, ["url"]],
  [/^https?:\/\/lm?\.facebook\.com\/l\.php\?/i, ["u"]],
];

function straight(address) {
  for (const [detour, names] of DETOURS) {
    if (!detour.test(address)) continue;
    const { searchParams } = new URL(address);
    const target = names.map((name) => searchParams.get(name)).find((value) => /^https?:/i.test(value ?? ""));
    if (target) return straight(target);
  }
  return address.startsWith("//") ? `https:${address}` : address;
}

/** Bookmarks of Word and files of the writer's machine are no addresses for a reader. */
function leads(address) {
  return /^(https?:|mailto:|tel:|[/?]|#(?!_))/i.test(address);
}

export function straightenLink(anchor) {
  const address = straight(anchor.getAttribute("href").trim());
  if (leads(address)) anchor.setAttribute("href", address);
  else anchor.replaceWith(...anchor.childNodes);
}
