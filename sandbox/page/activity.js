// What the bot did last, the newest first.
import { el } from "./dom.js";
import { timeOf } from "./moments.js";

const DEEDS = { heard: "听到", said: "发出", redrew: "改卡片", wound: "拨钟", missed: "没接住" };
const SHOWN = 60;

export class ActivityList {
  constructor(node) {
    this.node = node;
  }

  show(lines) {
    this.node.replaceChildren(...lines.slice(-SHOWN).reverse().map(draw));
    if (!lines.length) this.node.append(el("li.nothing", {}, "还什么都没做。跟它说句话吧。"));
  }

  add(line) {
    this.node.querySelector(".nothing")?.remove();
    const node = draw(line);
    node.classList.add("arriving");
    this.node.prepend(node);
    while (this.node.children.length > SHOWN) this.node.lastElementChild.remove();
  }
}

function draw({ at, deed, text }) {
  return el(`li.${deed}`, {}, el("time", { datetime: at }, timeOf(Date.parse(at))), el("b", {}, DEEDS[deed] || deed), el("span", {}, text));
}
