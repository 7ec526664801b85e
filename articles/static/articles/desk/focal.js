/**
 * Lets the point that matters be set in the picture itself: <div data-focal><img></div>,
 * with the fields #id_focal_x and #id_focal_y in per cent. By pointer, or by the arrow keys
 * on its handle (ten at a time with Shift). Beside it stands how lists will show the picture.
 */

import { el, later, say } from "./dom.js";

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Focal {
  constructor(place, x, y) {
    Object.assign(this, { place, x, y });
    const img = place.querySelector("img");
    this.handle = el("button", { type: "button", class: "focal-point" });
    this.spoken = el("span", { class: "visually-hidden", role: "status" });
    this.frame = el("div", { class: "focal-frame" });
    img.before(this.frame);
    this.frame.append(img, this.handle);
    this.card = el("img", { src: img.currentSrc || img.src, alt: "", class: "focal-card" });
    const cut = el("div", { class: "focal-cut" }, this.card, el("p", { class: "quiet" }, say("As lists show it")));
    place.append(cut, this.spoken);
    this.speak = later(() => { this.spoken.textContent = this.words(); }, 400);
    this.listen();
    this.show();
  }

  words() {
    return `${this.x.value} % ${say("from the left")}, ${this.y.value} % ${say("from the top")}`;
  }

  listen() {
    for (const field of [this.x, this.y]) field.addEventListener("input", () => this.show());
    this.handle.addEventListener("keydown", (event) => this.key(event));
    this.frame.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.handle.focus();
      this.frame.setPointerCapture(event.pointerId);
      this.point(event);
    });
    this.frame.addEventListener("pointermove", (event) => {
      if (this.frame.hasPointerCapture(event.pointerId)) this.point(event);
    });
  }

  key(event) {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    const size = event.shiftKey ? 10 : 1;
    this.set(Number(this.x.value) + step[0] * size, Number(this.y.value) + step[1] * size);
  }

  point({ clientX, clientY }) {
    const { left, top, width, height } = this.frame.getBoundingClientRect();
    this.set(((clientX - left) * 100) / width, ((clientY - top) * 100) / height);
  }

  set(x, y) {
    for (const [field, value] of [[this.x, x], [this.y, y]]) field.value = Math.round(Math.min(100, Math.max(0, value)));
    this.x.dispatchEvent(new Event("input", { bubbles: true }));
    this.speak();
  }

  show() {
    const [x, y] = [this.x, this.y].map(({ value }) => Math.min(100, Math.max(0, Number(value) || 0)));
    this.handle.style.left = `${x}%`;
    this.handle.style.top = `${y}%`;
    this.card.style.objectPosition = `${x}% ${y}%`;
    this.handle.setAttribute("aria-label", `${say("What matters:")} ${this.words()}. ${say("Arrow keys move it.")}`);
  }
}

const [x, y] = ["id_focal_x", "id_focal_y"].map((id) => document.getElementById(id));
if (x && y) document.querySelectorAll("[data-focal]").forEach((place) => new Focal(place, x, y));
