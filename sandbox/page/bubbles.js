// One bubble, as it stands in a chat.
import { actionCard, interactiveCard, templateCard } from "./cards.js";
import { avatar, el, icon } from "./dom.js";
import { markdown, plain } from "./markdown.js";
import { file, picture, sentFile } from "./media.js";

const ATTACHMENTS = { video: "视频", file: "文件", location: "位置", link: "链接", news: "图文", mixed: "图文" };

/** `context`: `press(label)`, `quote()`, `names` of the people in the chat, `group`. */
export function drawBubble(bubble, around) {
  const context = { ...around, platform: bubble.platform };
  if (bubble.kind === "recalled") {
    return el("div.notice", { "data-bubble": bubble.id }, `${bubble.author}撤回了一条消息`);
  }
  const side = bubble.mine ? "mine" : "theirs";
  return el(
    `article.line.${side}.${bubble.bot ? "of-bot" : "of-person"}`,
    { "data-bubble": bubble.id, tabindex: "-1", "aria-label": `${bubble.mine ? "我" : bubble.author}` },
    avatar(bubble.author, { bot: bubble.bot }),
    el(
      "div.stack",
      {},
      !bubble.mine && el("p.who", {}, bubble.author, bubble.bot && el("span.tag", {}, "机器人")),
      el("div.beside", {}, body(bubble, context), quoteKey(bubble, context)),
      bubble.quoted && el("p.quoted", {}, `${bubble.quoted.author}:${firstLine(bubble.quoted.text)}`),
      bubble.mine && el("p.receipt", {}, "已读"),
    ),
  );
}

function quoteKey(bubble, context) {
  const what = firstLine(bubble.title || bubble.text) || "这条消息";
  return el("button.quote-key", { type: "button", "aria-label": `引用「${what}」`, onclick: context.quote }, "引用");
}

export function firstLine(words) {
  return (words || "").replace(/[#*>]/g, "").trim().split("\n")[0].slice(0, 60);
}

function body(bubble, context) {
  switch (bubble.kind) {
    case "action_card":
      return actionCard(bubble, context);
    case "card":
      return interactiveCard(bubble, context);
    case "template_card":
    case "textcard":
      return templateCard(bubble, context);
    case "markdown":
      return el(
        "div.balloon.of-markdown",
        {},
        markdown(bubble.text, { ...context, softBreaks: bubble.platform === "dingtalk" }),
        attached(bubble).map((one) => picture(one.id, "图片", bubble.platform)),
      );
    case "image":
      return attached(bubble).length
        ? el("div.alone", {}, picture(attached(bubble)[0].id, "图片", bubble.platform))
        : el("div.photo", { role: "img", "aria-label": "一张图片" }, icon("picture"));
    case "file":
      return attached(bubble).length
        ? file({ ...attached(bubble)[0], name: bubble.content.fileName || attached(bubble)[0].name }, bubble.platform)
        : sentFile(bubble.text || "文件");
    case "voice":
      return voice(bubble, context);
    case "text":
      return el("div.balloon", {}, plain(bubble.text, context));
    default:
      return attachment(bubble);
  }
}

const attached = (bubble) => bubble.attached || [];

function attachment(bubble) {
  return el("div.balloon.attachment", {}, `[${ATTACHMENTS[bubble.kind] || bubble.kind}] `, bubble.title || bubble.text);
}

function voice(bubble, context) {
  const seconds = Math.max(2, Math.min(60, Math.round((bubble.text.length || 6) / 4)));
  return el(
    "div.spoken",
    {},
    el("div.balloon.voice", {}, el("span.waves", { "aria-hidden": "true" }, el("i"), el("i"), el("i")), `${seconds}″`),
    bubble.text && el("div.balloon.recognised", {}, plain(bubble.text, context)),
  );
}
