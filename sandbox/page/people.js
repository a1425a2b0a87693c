// The people of the company, under the headings of where they work, with a count of what they have not read.
import { avatar, el } from "./dom.js";

const BADGES = { dingtalk: ["钉", "钉钉"], wecom: ["企", "企业微信"] };

export class People {
  constructor(node, { choose }) {
    this.node = node;
    this.choose = choose;
    this.buttons = new Map();
    this.unread = new Map();
    node.addEventListener("keydown", (event) => this.keyed(event));
  }

  show(cast) {
    if (this.buttons.size) return;
    for (const circle of [...new Set(cast.map((person) => person.circle))]) {
      const people = cast.filter((person) => person.circle === circle);
      this.node.append(el("section", {}, el("h2", {}, circle), el("ul", {}, people.map((person) => el("li", {}, this.draw(person))))));
    }
  }

  draw(person) {
    const button = el(
      "button.person",
      { type: "button", "data-person": person.id, onclick: () => this.choose(person.id) },
      avatar(person.name),
      el("span.words", {}, el("strong", {}, person.name), el("small", {}, person.position)),
      el("span.badges", {}, person.platforms.map((name) => el(`i.${name}`, { title: BADGES[name][1], role: "img", "aria-label": BADGES[name][1] }, BADGES[name][0]))),
      el("b.count", { hidden: true }),
    );
    this.buttons.set(person.id, button);
    return button;
  }

  mark(id) {
    for (const [person, button] of this.buttons) {
      if (person === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    this.unread.delete(id);
    this.count(id);
    // Only sideways: on a narrow screen the people are a strip, and the page itself must not jump.
    const chosen = this.buttons.get(id);
    const strip = this.node;
    if (chosen && strip.scrollWidth > strip.clientWidth) {
      const { left, width } = chosen.getBoundingClientRect();
      strip.scrollLeft += left - strip.getBoundingClientRect().left - (strip.clientWidth - width) / 2;
    }
  }

  /** Somebody else has something new. */
  stir(people) {
    for (const id of people) {
      this.unread.set(id, (this.unread.get(id) || 0) + 1);
      this.count(id);
    }
  }

  count(id) {
    const node = this.buttons.get(id)?.querySelector(".count");
    if (!node) return;
    const news = this.unread.get(id) || 0;
    node.hidden = news === 0;
    node.textContent = news > 9 ? "9+" : String(news);
    node.setAttribute("aria-label", `${news} 条新消息`);
  }

  keyed(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...this.buttons.values()];
    const at = all.indexOf(document.activeElement);
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
  }
}
