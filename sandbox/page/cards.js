// Cards in the shapes of their platforms. A card's buttons are drawn here; what they do is the phone's business.
import { el, icon } from "./dom.js";
import { link, markdown, plain } from "./markdown.js";

const list = (value) => (Array.isArray(value) ? value : []);
const text = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** DingTalk: Markdown, and below it rows of buttons divided by hairlines. */
export function actionCard(bubble, context) {
  const below = bubble.buttons.filter(({ label }) => !bubble.text.includes(`[${label}](dtmd://`));
  return el(
    "div.card.action-card",
    {},
    el("div.card-body", {}, markdown(bubble.text, { ...context, softBreaks: true })),
    below.length > 0 && el(`div.rows${below.length === 2 ? ".two" : ""}`, {}, buttons(below, context)),
  );
}

/** DingTalk: an interactive card, with a head, Markdown, a small line and buttons that stay on it. */
export function interactiveCard(bubble, context) {
  const tips = text(bubble.content?.tips);
  const body = tips && bubble.text.endsWith(tips) ? bubble.text.slice(0, -tips.length).trimEnd() : bubble.text;
  const bare = (words) => words.replace(/[#*\s]/g, "");
  const head = bubble.title && bare(body.split("\n")[0]) !== bare(bubble.title);
  return el(
    "div.card.interactive",
    {},
    head && el("p.card-title", {}, plain(bubble.title)),
    body && el("div.card-body", {}, markdown(body, context)),
    tips && el("p.tips", {}, plain(tips)),
    bubble.buttons.length > 0 && el("div.keys", {}, buttons(bubble.buttons, context)),
  );
}

/** WeCom: a template_card of any kind, from the platform's own fields. */
export function templateCard(bubble, context) {
  const card = bubble.content || {};
  const { source, main_title: main, emphasis_content: emphasis, quote_area: quote } = card;
  const subTitle = bubble.kind === "textcard" ? bubble.text : text(card.sub_title_text);
  return el(
    "div.card.template",
    {},
    source?.desc && el("p.source", {}, el("i"), text(source.desc)),
    (main?.title || bubble.title) && el("p.card-title", {}, text(main?.title || bubble.title)),
    main?.desc && el("p.card-desc", {}, text(main.desc)),
    emphasis?.title && el("div.emphasis", {}, el("strong", {}, text(emphasis.title)), el("span", {}, text(emphasis.desc))),
    card.card_image && el("div.picture", { role: "img", "aria-label": "卡片图片" }),
    quote && el("div.quote-area", {}, el("strong", {}, text(quote.title)), text(quote.quote_text)),
    subTitle && el("p.sub-title", {}, plain(subTitle, context)),
    facts(card),
    choices(card),
    ending(bubble, card, context),
  );
}

function facts(card) {
  const across = list(card.horizontal_content_list).map((fact) => [
    el("dt", {}, text(fact.keyname)),
    el("dd", {}, (fact.type === 1 && link(text(fact.value), text(fact.url))) || text(fact.value)),
  ]);
  const down = list(card.vertical_content_list).map((row) =>
    el("p.vertical", {}, el("strong", {}, text(row.title)), text(row.desc)),
  );
  return [across.length > 0 && el("dl.facts", {}, across), ...down];
}

function choices(card) {
  const box = list(card.checkbox?.option_list).map((option) => el("li", {}, text(option.text)));
  const selects = list(card.select_list).concat(card.button_selection || []);
  const lines = selects.map((select) =>
    el("p.select", {}, text(select.title), el("span", {}, text(list(select.option_list)[0]?.text), icon("go"))),
  );
  return [box.length > 0 && el("ul.options", {}, box), ...lines];
}

/** What stands under the card's last line: the spent button, the buttons, or the way to the details. */
function ending(bubble, card, context) {
  if (card.replace_text) return el("div.keys", {}, el("button", { type: "button", disabled: true }, text(card.replace_text)));
  const keys = bubble.buttons.filter(({ url }) => !url);
  const ways = bubble.buttons.filter(({ url }) => url);
  if (!bubble.buttons.length && card.card_action?.url) ways.push({ label: "查看详情", url: card.card_action.url });
  return [
    keys.length > 0 && el("div.keys", {}, buttons(keys, context)),
    ways.length > 0 && el("div.rows", {}, buttons(ways, context)),
  ];
}

function buttons(all, context) {
  return all.map((each) => button(each, context));
}

/** A link where it leads somewhere; a button where it is pressed. */
function button({ label, style, url, says }, context) {
  if (url && !url.startsWith("dtmd:")) return link(label, url) || el("button", { type: "button", disabled: true }, label);
  return el(
    `button.${style || "plain"}`,
    { type: "button", "data-label": label, title: says ? `发送「${says}」` : null, onclick: () => context.press(label) },
    label,
  );
}
