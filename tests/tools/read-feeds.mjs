// Reads feeds with feedsmith: of each file named, the format it was taken for and what stands in it, as JSON.
import { readFileSync } from "node:fs";
import { parseFeed } from "feedsmith";

console.log(JSON.stringify(process.argv.slice(2).map((file) => parseFeed(readFileSync(file, "utf8")))));
