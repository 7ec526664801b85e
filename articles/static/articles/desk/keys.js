/** The keys of the editor: how they are written on this machine, and the dialog that lists them. */

import { openDialog } from "./dialog.js";
import { el, say } from "./dom.js";

const APPLE = /Mac|iP(hone|ad)/.test(navigator.platform);

/** "Mod+Alt+2" as people read it, and as aria-keyshortcuts has it. */
export function keysShown(keys) {
  if (!APPLE) return keys.replace("Mod", "Ctrl");
  return keys.replace("Mod", "⌘").replace("Alt", "⌥").replace("Shift", "⇧").replaceAll("+", "");
}

export function keysNamed(keys) {
  return keys.replace("Mod", APPLE ? "Meta" : "Control");
}

const others = () => [
  { label: say("Getting about"), commands: [
    { text: say("Go to the toolbar; arrows move in it, Escape goes back"), keys: "Alt+F10" },
    { text: say("Leave the text"), keys: `Escape, ${say("then")} Tab` },
    { text: say("Next cell of a table; from the last, out of it"), keys: "Tab" },
    { text: say("Cell before"), keys: "Shift+Tab" },
    { text: say("Change the chosen picture"), keys: "Enter" },
    { text: say("New paragraph below a picture"), keys: "Mod+Enter" },
    { text: say("New line in the same paragraph"), keys: "Shift+Enter" },
    { text: say("Paste as plain text"), keys: "Mod+Shift+V" },
  ] },
  { label: say("While typing"), commands: [
    { text: say("Heading"), keys: `## ${say("and a space")}` },
    { text: say("List"), keys: `- ${say("or")} 1. ${say("and a space")}` },
    { text: say("Quote"), keys: `> ${say("and a space")}` },
    { text: say("Strike through"), keys: "Mod+Shift+S" },
  ] },
];

function table({ label, commands }) {
  const rows = commands.filter(({ keys }) => keys).map((command) => el(
    "tr", {},
    el("th", { scope: "row" }, command.name ?? command.text),
    el("td", {}, el("kbd", {}, keysShown(command.keys))),
  ));
  return rows.length ? el("table", {}, el("caption", {}, label), el("tbody", {}, ...rows)) : null;
}

/** Shows the keys of these groups of commands, and those that belong to none. */
export async function showKeys(editor, groups) {
  const lead = el("div", { class: "desk-keys" }, ...[...others(), ...groups].map(table));
  const { result } = openDialog({ title: say("Keys"), submit: say("Close"), cancel: null, lead });
  lead.closest("dialog").scrollTop = 0;
  await result;
  editor.view.focus();
}
