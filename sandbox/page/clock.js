// The office's clock: it runs by itself, and can be wound.
import { el } from "./dom.js";
import { dateOf, nextMonthDay, nextWeekday, timeOf, typed, untyped } from "./moments.js";
import { ask } from "./wire.js";

const HOUR = 3600;

export class Clock {
  /** `changed()` is called each second, and at once after a winding. */
  constructor({ changed }) {
    this.changed = changed;
    this.time = document.getElementById("clock-time");
    this.date = document.getElementById("clock-date");
    this.keys = document.getElementById("clock-keys");
    this.set(Date.now());
    this.build();
    setInterval(() => this.tick(), 1000);
  }

  now() {
    return this.moment + (performance.now() - this.since);
  }

  set(moment) {
    this.moment = moment;
    this.since = performance.now();
  }

  /** As the server told it, in ISO 8601. */
  told(now) {
    this.set(Date.parse(now));
    this.tick();
  }

  tick() {
    this.time.textContent = timeOf(this.now());
    this.time.setAttribute("datetime", new Date(this.now()).toISOString());
    this.date.textContent = dateOf(this.now());
    this.changed();
  }

  build() {
    const to = (moment) => ({ to: new Date(moment).toISOString() });
    const keys = [
      ["+1 小时", () => ({ by: HOUR })],
      ["+1 天", () => ({ by: 24 * HOUR })],
      ["周一 10:30", () => to(nextWeekday(this.now(), 1, 10, 30))],
      ["周五 17:00", () => to(nextWeekday(this.now(), 5, 17))],
      ["25 号 10:00", () => to(nextMonthDay(this.now(), 25, 10))],
    ];
    for (const [label, wanted] of keys) this.keys.append(this.key(label, wanted));
    this.keys.append(this.picker(to), this.key("回到现在", () => ({ to: "now" }), "quiet"));
  }

  key(label, wanted, style = "plain") {
    return el(`button.${style}`, { type: "button", onclick: () => this.wind(wanted()) }, label);
  }

  picker(to) {
    const input = el("input", { type: "datetime-local", "aria-label": "拨到哪一天、几点", required: true });
    const details = el(
      "details.pick",
      { ontoggle: () => { if (details.open) { input.value = typed(this.now()); input.focus(); } } },
      el("summary", {}, "选时间…"),
      el(
        "form",
        {
          onsubmit: (event) => {
            event.preventDefault();
            details.open = false;
            this.wind(to(untyped(input.value)));
          },
        },
        input,
        el("button.primary", { type: "submit" }, "拨过去"),
      ),
    );
    details.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        details.open = false;
        details.firstElementChild.focus();
      }
    });
    document.addEventListener("pointerdown", (event) => {
      if (!details.contains(event.target)) details.open = false;
    });
    return details;
  }

  /** On the way the bot does everything that falls due, which may take a while. */
  async wind(wanted) {
    if (this.keys.classList.contains("winding")) return;
    this.keys.classList.add("winding");
    this.keys.setAttribute("aria-busy", "true");
    const told = await ask("clock", wanted);
    this.keys.classList.remove("winding");
    this.keys.removeAttribute("aria-busy");
    if (told) this.told(told.now);
  }
}
