// Where one writes: words, speech, a picture, a file; with suggestions, quotes and colleagues after an @.
import { el, icon, toast } from "./dom.js";

const SUGGESTIONS = [
  ["帮助", "帮助"],
  ["我的目标", "我的目标"],
  ["更新 KR…", "更新 KR"],
  ["周报", "周报"],
  ["看板", "看板"],
  ["日报", "日报"],
  ["排名", "排名"],
  ["待办", "待办"],
  ["新建目标…", "新建目标 "],
  ["撤销", "撤销"],
];
const BOT = "OKR助手";
let count = 0;

const LARGEST = 3 * 1024 * 1024;

/** What is in a file, as base64. */
async function packed(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** Why no file can be sent into a chat; empty where one can. */
export function noFiles(chat) {
  if (chat.group) return "群里发的文件,机器人收不到;发到私聊里";
  return chat.via === "app" ? "企业微信的应用收不到文件;换到「机器人」那个私聊" : "";
}

/** `send(said)` posts `{text, kind, mentions, at_bot, quotes, content}` and tells whether it went through. */
export class Composer {
  constructor({ send }) {
    this.send = send;
    this.chat = null;
    this.quoting = null;
    this.picked = new Map();
    this.build();
  }

  build() {
    const listId = `mentions-${(count += 1)}`;
    this.chips = el("div.chips", { role: "group", "aria-label": "常用的话" });
    for (const [label, words] of SUGGESTIONS) {
      this.chips.append(el("button", { type: "button", onclick: () => this.suggest(label, words) }, label));
    }
    this.quoted = el("div.quoting", { hidden: true });
    this.mentions = el("ul.mentions", { id: listId, role: "listbox", "aria-label": "@ 谁", hidden: true });
    this.voice = this.key("voice", "用说的:发出去是语音识别的字", () => this.toggleVoice());
    this.voice.setAttribute("aria-pressed", "false");
    this.atBot = el("button.at-bot", { type: "button", "aria-pressed": "true", hidden: true, title: "群里要 @ 机器人,它才听得见" }, `@${BOT}`);
    this.atBot.addEventListener("click", () => this.setAtBot(this.atBot.getAttribute("aria-pressed") !== "true"));
    this.input = el("textarea", {
      rows: "1",
      maxlength: "4000",
      enterkeyhint: "send",
      "aria-label": "写给机器人",
      "aria-autocomplete": "list",
      "aria-controls": listId,
      "aria-haspopup": "listbox",
      oninput: () => this.typed(),
      onkeydown: (event) => this.keyed(event),
      onblur: () => setTimeout(() => this.closeMentions(), 150),
    });
    this.picture = this.key("picture", "发一张图片(占位)", () => this.post({ kind: "image", text: "" }));
    this.chosen = el("input", { type: "file", hidden: true, accept: ".xlsx,.csv,.xls,.txt", multiple: true, "aria-label": "选一个表格文件", onchange: () => this.sendChosen() });
    this.clip = this.key("clip", "发一个表格文件,也可以拖进来", () => this.chooseFile());
    this.button = el("button.send", { type: "submit", "aria-label": "发送" }, icon("send"));
    this.form = el(
      "form.composer",
      { onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.mentions,
      this.quoted,
      el("div.writing", {}, this.voice, el("div.field", {}, this.atBot, this.input), this.picture, this.clip, this.chosen, this.button),
    );
    this.node = el("div.foot", {}, this.chips, this.form);
  }

  key(name, label, onclick) {
    return el("button.tool", { type: "button", "aria-label": label, title: label, onclick }, icon(name));
  }

  /** Write into this chat from now on; what was begun in another stays there. */
  show(chat) {
    this.chat = chat;
    this.picked.clear();
    this.quote(null);
    this.input.value = "";
    this.fit();
    this.atBot.hidden = !chat.group;
    this.clip.setAttribute("aria-disabled", String(Boolean(noFiles(chat))));
    this.clip.title = noFiles(chat) || "发一个表格文件,也可以拖进来";
    this.setAtBot(true);
    this.input.placeholder = chat.group ? "说给机器人,@ 可以点同事" : "说点什么,回车发送";
  }

  setAtBot(on) {
    this.atBot.setAttribute("aria-pressed", String(on));
  }

  suggest(label, words) {
    if (!label.endsWith("…")) return void this.post({ kind: "text", text: words });
    this.input.value = words;
    this.fit();
    this.input.focus();
  }

  toggleVoice() {
    const on = this.voice.getAttribute("aria-pressed") !== "true";
    this.voice.setAttribute("aria-pressed", String(on));
    this.voice.replaceChildren(icon(on ? "keyboard" : "voice"));
    this.form.classList.toggle("speaking", on);
    this.input.placeholder = on ? "写下你说的话,当语音发出" : "说点什么,回车发送";
    this.input.focus();
  }

  /** Quote a bubble `{id, author, words}` with the next message; null quotes nothing. */
  quote(quoted) {
    this.quoting = quoted;
    this.quoted.hidden = !quoted;
    this.quoted.replaceChildren();
    if (!quoted) return;
    this.quoted.append(
      el("span", {}, `${quoted.author}:${quoted.words}`),
      el("button", { type: "button", "aria-label": "不引用了", onclick: () => this.quote(null) }, icon("close")),
    );
    this.input.focus();
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text) return this.input.focus();
    const speaking = this.voice.getAttribute("aria-pressed") === "true";
    this.input.value = "";
    this.fit();
    this.closeMentions();
    if (!(await this.post({ kind: speaking ? "voice" : "text", text })) && !this.input.value) this.input.value = text;
    this.fit();
  }

  post({ kind, text }) {
    const mentions = [...this.picked].filter(([, name]) => text.includes(`@${name}`)).map(([id]) => id);
    const said = { kind, text, mentions, at_bot: this.atBot.getAttribute("aria-pressed") === "true", quotes: this.quoting?.id };
    this.quote(null);
    this.picked.clear();
    return this.send(said);
  }

  chooseFile() {
    const why = noFiles(this.chat);
    if (why) return toast(why);
    this.chosen.click();
  }

  async sendChosen() {
    const files = [...this.chosen.files];
    this.chosen.value = "";
    await this.sendFiles(files);
  }

  /** Send files one after the other, as somebody does who drops several. */
  async sendFiles(files) {
    const why = noFiles(this.chat);
    if (why) return toast(why);
    for (const file of files) {
      if (file.size > LARGEST) toast(`${file.name} 太大了,试用间里最多 3 MB`);
      else await this.send({ kind: "file", text: file.name, mentions: [], at_bot: true, content: await packed(file) });
    }
  }

  // --- colleagues after an @ ---------------------------------------------------------------------

  typed() {
    this.fit();
    const begun = this.input.value.slice(0, this.input.selectionStart).match(/@([^\s@]*)$/);
    if (!begun || !this.chat?.group) return this.closeMentions();
    const people = [{ id: "", name: BOT }, ...this.chat.members].filter(({ name }) => name.includes(begun[1]));
    this.mentions.replaceChildren(
      ...people.map((person, index) =>
        el("li", {
          role: "option",
          id: `${this.mentions.id}-${index}`,
          "aria-selected": String(index === 0),
          onmousedown: (event) => { event.preventDefault(); this.pick(person); },
        }, person.name),
      ),
    );
    this.offered = people;
    this.mentions.hidden = people.length === 0;
    this.point(0);
  }

  /** Point at one of the offered people. */
  point(index) {
    this.pointed = index;
    [...this.mentions.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.mentions.children[index]?.scrollIntoView({ block: "nearest" });
    if (!this.mentions.hidden) this.input.setAttribute("aria-activedescendant", `${this.mentions.id}-${index}`);
  }

  pick(person) {
    const caret = this.input.selectionStart;
    const before = this.input.value.slice(0, caret).replace(/@[^\s@]*$/, person.id ? `@${person.name} ` : "");
    this.input.value = before + this.input.value.slice(caret);
    this.input.setSelectionRange(before.length, before.length);
    if (person.id) this.picked.set(person.id, person.name);
    else this.setAtBot(true);
    this.closeMentions();
  }

  closeMentions() {
    this.mentions.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
  }

  keyed(event) {
    if (event.isComposing || event.keyCode === 229) return; // the Enter that ends a Chinese input method's word
    if (!this.mentions.hidden && this.keyedInMentions(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      this.quote(null);
    }
  }

  keyedInMentions({ key }) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (key in steps) this.point((this.pointed + steps[key] + this.offered.length) % this.offered.length);
    else if (key === "Enter" || key === "Tab") this.pick(this.offered[this.pointed]);
    else if (key === "Escape") this.closeMentions();
    else return false;
    return true;
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 108)}px`;
  }
}
