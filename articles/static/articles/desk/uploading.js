/**
 * Sends picture files to the library, one at a time.
 *
 * upload(file, {url, most}) gives what the library says of the picture: {id, title, alt,
 * decorative, credit, src, width, height, url}. It throws Refusal, whose message is a
 * sentence for the writer. `most` is the largest size in bytes, refused before it is sent.
 */

import { jsonOf, say } from "./dom.js";

export const KINDS = "image/jpeg,image/png,image/webp,image/avif,image/gif";

export class Refusal extends Error {}

function tooLarge(most) {
  const size = most ? `${Math.floor(most / 1_000_000)} MB` : say("the desk takes");
  return `${say("This file is larger than")} ${size}. ${say("Save it smaller and try again.")}`;
}

function otherwise(status, most) {
  if (status === 413) return tooLarge(most);
  if (status === 0 || status === 403) return say("You are not signed in any more. Sign in in another tab, then try again.");
  return `${say("The desk could not take it")} (${status}). ${say("Try again in a moment.")}`;
}

export async function upload(file, { url, most }) {
  if (most && file.size > most) throw new Refusal(tooLarge(most));
  const form = new FormData();
  form.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  form.append("file", file, file.name || "picture");
  let response;
  try {
    const headers = { Accept: "application/json" };
    response = await fetch(url, { method: "POST", body: form, headers, credentials: "same-origin", redirect: "manual" });
  } catch {
    throw new Refusal(say("It could not be sent. Check the connection, then try again."));
  }
  const answer = await jsonOf(response);
  if (!response.ok) throw new Refusal(answer.error ?? otherwise(response.status, most));
  return answer;
}
