/**
 * A table of scenarios: what could happen, what it would bring and what to watch.
 *
 * An ordinary table of three columns with a header row and a header column; on a phone
 * each scenario becomes a card.
 */

import { insertBlock } from "./blocks.js";
import { openDialog } from "./dialog.js";
import { say } from "./dom.js";
import { CAPTION, WIDE, makeTable } from "./table.js";

const MOST = 12;
const heads = () => [say("Scenario"), say("What happens"), say("What to watch")];

function check({ scenarios }) {
  return scenarios >= 2 && scenarios <= MOST ? {} : { scenarios: say("Enter a number of scenarios from 2 to 12.") };
}

export async function insertScenarios(editor) {
  const fields = [
    { name: "scenarios", type: "number", label: say("Scenarios"), value: 3, min: 2, max: MOST },
    { ...CAPTION(), value: say("Scenarios") },
    { ...WIDE(), value: true },
  ];
  const { result } = openDialog({ title: say("Insert a table of scenarios"), submit: say("Insert"), fields, check });
  const values = await result;
  editor.view.focus();
  if (!values) return;
  const words = heads();
  const size = { rows: Number(values.scenarios) + 1, columns: words.length };
  insertBlock(editor, makeTable(editor.schema, { ...values, ...size, words, headerRow: true, headerColumn: true }));
  for (const _ of words) editor.commands.goToNextCell();
}
