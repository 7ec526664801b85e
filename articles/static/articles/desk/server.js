/**
 * What the open form says to the desk.
 *
 * server(form).post(url, text) sends form fields, packed where the browser can, and gives
 * the answer's JSON. It throws Refused {status, answer} for a refusal and whatever fetch
 * throws without a connection. A token that signing in made stale is renewed on the way.
 */

import { jsonOf } from "./dom.js";

const SECONDS = 20;

export class Refused extends Error {
  constructor(status, answer) {
    super(answer.error ?? String(status));
    this.status = status;
    this.answer = answer;
  }
}

async function pack(text) {
  if (!window.CompressionStream) return { body: text, type: "application/x-www-form-urlencoded" };
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(packed).blob(), type: "application/gzip" };
}

class Server {
  constructor(form, aliveUrl) {
    this.form = form;
    this.aliveUrl = aliveUrl;
  }

  get token() {
    return this.form.elements.csrfmiddlewaretoken.value;
  }

  async send(url, options) {
    const signal = AbortSignal.timeout?.(SECONDS * 1000);
    const headers = { Accept: "application/json", "X-CSRFToken": this.token, ...options.headers };
    return fetch(url, { credentials: "same-origin", redirect: "manual", signal, ...options, headers });
  }

  async post(url, text) {
    const { body, type } = await pack(text);
    const ask = () => this.send(url, { method: "POST", body, headers: { "Content-Type": type } });
    let response = await ask();
    let answer = await jsonOf(response);
    if (response.status === 403 && !answer.error) {
      await this.renew();
      response = await ask();
      answer = await jsonOf(response);
    }
    if (!response.ok) throw new Refused(response.status, answer);
    return answer;
  }

  /** Takes over the token of whoever is signed in now; gives {user, name}. */
  async renew() {
    const response = await this.send(this.aliveUrl, {});
    const answer = await jsonOf(response);
    if (!response.ok) throw new Refused(response.status, answer);
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.csrf;
    return answer;
  }
}

export function server(form, aliveUrl) {
  return new Server(form, aliveUrl);
}
