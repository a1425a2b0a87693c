// One phone: a bar, the chats of the person who holds it, what stands in the open one, and where to write.
import { drawBubble, firstLine } from "./bubbles.js";
import { Composer } from "./composer.js";
import { el, icon, toast } from "./dom.js";
import { stampOf, timeOf } from "./moments.js";
import { ask } from "./wire.js";

const NAMES = { dingtalk: "钉钉", wecom: "企业微信" };
const VIA = { app: "应用", robot: "机器人" };
const PAUSE = 5 * 60 * 1000;
const HOLD = 450;

export class Phone {
  /** `node` has `data-platform`; `now()` is the office's clock. */
  constructor(node, { now }) {
    this.node = node;
    this.platform = node.dataset.platform;
    this.now = now;
    this.chosen = new Map();
    this.opened = new Set();
    this.chats = [];
    this.bubbles = new Map();
    this.unread = new Map();
    this.busy = 0;
    this.composer = new Composer({ send: (said) => this.say(said) });
    this.build();
  }

  build() {
    this.clock = el("span.status-time", {}, "--:--");
    this.title = el("strong");
    this.subtitle = el("small");
    this.tabs = el("div.tabs", { role: "tablist", "aria-label": `${NAMES[this.platform]}的会话` });
    this.log = el("div.log", { role: "log", "aria-live": "polite", tabindex: "0", "aria-label": "聊天记录" });
    this.tabs.addEventListener("keydown", (event) => this.keyedInTabs(event));
    this.screen = el(
      "div.screen",
      {},
      el("div.status", { "aria-hidden": "true" }, this.clock, el("span.island"), el("span.signal", {}, el("i"), el("i"), el("i"), el("i")), el("span.battery", {}, el("i"))),
      el("header.bar", {}, icon("back"), el("div.heading", {}, this.title, this.subtitle), icon(this.platform === "wecom" ? "people" : "more")),
      this.tabs,
      this.log,
      this.composer.node,
      el("div.home", { "aria-hidden": "true" }),
    );
    this.absent = el("div.absent", { hidden: true });
    this.node.replaceChildren(el("h2.platform", {}, el("i"), NAMES[this.platform]), el("div.case", {}, this.screen, this.absent));
    this.holdToQuote();
    this.takeDropped();
  }

  // --- whose phone it is --------------------------------------------------------------------------

  /** Show another person's phone, or the same again after a break. */
  show(person, chats, bubbles) {
    const same = this.person?.id === person.id;
    this.person = person;
    this.chats = chats.filter((chat) => chat.platform === this.platform);
    this.bubbles = new Map(bubbles.filter((bubble) => bubble.platform === this.platform).map((bubble) => [bubble.id, bubble]));
    if (!same) this.unread.clear();
    this.node.setAttribute("aria-label", `${person.name}的${NAMES[this.platform]}`);
    const absent = this.chats.length === 0;
    this.node.classList.toggle("away", absent);
    this.screen.inert = absent;
    this.absent.hidden = !absent;
    this.absent.replaceChildren(el("strong", {}, `${person.name}没有${NAMES[this.platform]}账号`), el("span", {}, "看另一台手机就好"));
    if (absent) this.empty();
    else this.choose(this.chosen.get(person.id) || this.chats[0].id, { keepDraft: same });
  }

  empty() {
    this.chat = null;
    this.title.textContent = NAMES[this.platform];
    this.subtitle.textContent = "";
    this.tabs.replaceChildren();
    this.log.replaceChildren();
  }

  choose(id, { keepDraft = false } = {}) {
    const before = this.chat;
    this.chat = this.chats.find((chat) => chat.id === id) || this.chats[0];
    this.chosen.set(this.person.id, this.chat.id);
    this.unread.delete(this.chat.id);
    this.drawTabs();
    this.drawBar();
    if (!keepDraft || before?.id !== this.chat.id) this.composer.show(this.chat);
    this.redraw();
    this.enter();
  }

  /** A chat in which nothing stands yet is entered: the bot may welcome. */
  enter() {
    if (this.chat.group || this.opened.has(this.chat.id) || this.inChat().length) return;
    this.opened.add(this.chat.id);
    ask("open", this.seat());
  }

  drawBar() {
    const { group, title, members, via } = this.chat;
    this.title.textContent = group ? `${title}(${members.length + 1})` : title;
    this.subtitle.textContent = this.busy ? "对方正在输入…" : group ? "内部群" : via === "app" ? "应用消息" : "机器人";
    this.log.setAttribute("aria-label", `${this.person.name}与${title}的聊天记录`);
  }

  drawTabs() {
    const focused = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(
      ...this.chats.map((chat) => {
        const current = chat.id === this.chat.id;
        const news = this.unread.get(chat.id) || 0;
        return el(
          "button",
          { type: "button", role: "tab", "aria-selected": String(current), tabindex: current ? "0" : "-1", onclick: () => this.choose(chat.id) },
          chat.title,
          !chat.group && chat.via && el("small", {}, VIA[chat.via]),
          news > 0 && el("b.dot", { "aria-label": `${news} 条新消息` }),
        );
      }),
    );
    if (focused) this.tabs.querySelector("[aria-selected=true]").focus();
  }

  keyedInTabs({ key }) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const at = this.chats.indexOf(this.chat);
    this.choose(this.chats[(at + step + this.chats.length) % this.chats.length].id);
  }

  tick() {
    this.clock.textContent = timeOf(this.now());
  }

  // --- what stands in the chat --------------------------------------------------------------------

  inChat() {
    return [...this.bubbles.values()].filter((bubble) => bubble.chat === this.chat.id);
  }

  redraw() {
    if (!this.chat) return;
    this.log.setAttribute("aria-busy", "true");
    this.log.replaceChildren();
    this.last = null;
    const bubbles = this.inChat();
    bubbles.forEach((bubble) => this.append(bubble));
    if (!bubbles.length) this.log.append(this.welcome());
    this.log.scrollTop = this.log.scrollHeight;
    this.log.removeAttribute("aria-busy");
  }

  welcome() {
    const words = this.chat.group ? "群里 @ 一下机器人,它就听得见" : "发一句「帮助」试试";
    return el("div.welcome", {}, el("span.avatar.bot", { "aria-hidden": "true" }), el("p", {}, words));
  }

  /** A new bubble, or a known one that has changed. */
  put(bubble) {
    const known = this.bubbles.has(bubble.id);
    this.bubbles.set(bubble.id, bubble);
    if (bubble.chat !== this.chat?.id) {
      this.unread.set(bubble.chat, (this.unread.get(bubble.chat) || 0) + 1);
      if (this.chat) this.drawTabs();
      return;
    }
    const old = known && this.find(bubble.id);
    if (old) return this.replace(old, bubble);
    const low = this.atBottom();
    this.log.querySelector(".welcome")?.remove();
    this.append(bubble).classList.add("arriving");
    if (low || bubble.mine) this.scrollDown();
  }

  replace(old, bubble) {
    const low = this.atBottom();
    const label = old.contains(document.activeElement) ? document.activeElement.dataset.label : null;
    const node = this.draw(bubble);
    node.classList.add("changed");
    old.replaceWith(node);
    if (label !== null) ([...node.querySelectorAll("[data-label]")].find((key) => key.dataset.label === label) || node).focus();
    if (low) this.scrollDown();
  }

  append(bubble) {
    const at = Date.parse(bubble.at);
    if (this.last === null || Math.abs(at - this.last) > PAUSE) {
      this.log.append(el("time.stamp", { datetime: bubble.at }, stampOf(at, this.now())));
    }
    this.last = at;
    const node = this.draw(bubble);
    this.log.append(node);
    return node;
  }

  draw(bubble) {
    return drawBubble(bubble, {
      names: ["OKR助手", ...this.chat.members.map((member) => member.name)],
      group: this.chat.group,
      press: (label) => this.press(bubble.id, label),
      quote: () => this.composer.quote({ id: bubble.id, author: bubble.author, words: firstLine(bubble.title || bubble.text) || "[图片]" }),
    });
  }

  find(id) {
    return this.log.querySelector(`[data-bubble="${CSS.escape(id)}"]`);
  }

  atBottom() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  scrollDown() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  // --- what the person does -----------------------------------------------------------------------

  seat() {
    return { me: this.person.id, platform: this.platform, chat: this.chat.id };
  }

  async say(said) {
    const waiting = !this.chat.group || said.at_bot;
    return this.whileTyping(waiting, () => ask("say", { ...this.seat(), ...said }));
  }

  async press(bubbleId, label) {
    const node = this.find(bubbleId);
    if (node.classList.contains("pressing")) return;
    node.classList.add("pressing");
    for (const key of node.querySelectorAll("[data-label]")) {
      key.setAttribute("aria-disabled", "true");
      key.classList.toggle("pressed", key.dataset.label === label);
    }
    const pressed = await this.whileTyping(true, () => ask("press", { ...this.seat(), bubble: bubbleId, label }));
    if (pressed && !pressed.acked) toast("机器人没有接住这一下,再按一次试试");
    node.classList.remove("pressing");
    for (const key of node.querySelectorAll("[data-label]")) {
      key.removeAttribute("aria-disabled");
      key.classList.remove("pressed");
    }
  }

  async whileTyping(waiting, doing) {
    this.busy += waiting ? 1 : 0;
    this.drawBar();
    try {
      return await doing();
    } finally {
      this.busy -= waiting ? 1 : 0;
      if (this.chat) this.drawBar();
    }
  }

  /** Files that are dragged onto the phone are sent into the open chat. */
  takeDropped() {
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files") || !this.chat) return;
      event.preventDefault();
      this.node.classList.toggle("dropping", event.type === "dragover");
      if (event.type === "drop") this.composer.sendFiles([...event.dataTransfer.files]);
    };
    for (const name of ["dragover", "dragleave", "drop"]) this.screen.addEventListener(name, over);
  }

  /** On a touch screen a long press shows what a mouse shows by hovering. */
  holdToQuote() {
    let holding;
    const release = () => clearTimeout(holding);
    this.log.addEventListener("pointerdown", (event) => {
      this.log.querySelector(".held")?.classList.remove("held");
      const line = event.target.closest(".line");
      if (line && event.pointerType === "touch") holding = setTimeout(() => line.classList.add("held"), HOLD);
    });
    for (const name of ["pointerup", "pointercancel", "pointermove", "scroll"]) this.log.addEventListener(name, release);
  }
}
