// The Markdown that the two platforms draw, as nodes: headings, bold, lists, quotes, links, and nothing cleverer.
import { el } from "./dom.js";
import { picture as shown } from "./media.js";

const INLINE = /\*\*(.+?)\*\*|!\[([^\]]*)\]\(([^)\s]*)\)|\[([^\]]+)\]\(([^)\s]+)\)|`([^`]+)`|<font color="?(\w+)"?>(.*?)<\/font>/g;
const BAR = /([▓█░]{5,})/;
const FONTS = new Set(["info", "comment", "warning"]);

/**
 * `context`: `platform` has the pictures; `names` are highlighted after an @; `press(label)` presses a link that speaks; with `softBreaks` a
 * single line break is none, as in DingTalk's messages, unless two spaces stand before it.
 */
export function markdown(text, context = {}) {
  const box = el("div.markdown");
  let open = null;
  for (const line of text.replace(/\r/g, "").split("\n")) {
    const block = blockOf(line);
    if (!block) {
      open = null;
    } else if (open && open.kind === block.kind && block.kind !== "heading" && block.kind !== "rule") {
      continueBlock(open, block, context);
    } else {
      open = startBlock(box, block, context);
    }
    if (open) open.hard = / {2,}$/.test(line);
  }
  return box;
}

function blockOf(line) {
  let found;
  if (!line.trim()) return null;
  if (/^\s*(-{3,}|\*{3,})\s*$/.test(line)) return { kind: "rule", words: "" };
  if ((found = line.match(/^(#{1,6})\s+(.*)$/))) return { kind: "heading", level: found[1].length, words: found[2] };
  if ((found = line.match(/^>\s?(.*)$/))) return { kind: "quote", words: found[1] };
  if ((found = line.match(/^\s*[-*+]\s+(.*)$/))) return { kind: "bullets", words: found[1] };
  if ((found = line.match(/^\s*(\d+)\.\s+(.*)$/))) return { kind: "numbers", start: found[1], words: found[2] };
  return { kind: "words", words: line.trimEnd() };
}

function startBlock(box, block, context) {
  const words = inline(block.words, context);
  const made = { kind: block.kind };
  if (block.kind === "rule") made.node = el("hr");
  else if (block.kind === "heading") made.node = el(`p.heading.h${block.level}`, {}, words);
  else if (block.kind === "quote") made.node = el("blockquote", {}, words);
  else if (block.kind === "bullets") made.node = el("ul", {}, el("li", {}, words));
  else if (block.kind === "numbers") made.node = el("ol", { start: block.start }, el("li", {}, words));
  else made.node = el("p", {}, words);
  box.append(made.node);
  return made;
}

function continueBlock(open, block, context) {
  const words = inline(block.words, context);
  if (open.kind === "bullets" || open.kind === "numbers") open.node.append(el("li", {}, words));
  else open.node.append(breakAfter(open, context), ...words);
}

/** A picture ends its line by itself. */
function breakAfter(open, context) {
  if (open.node.lastChild?.className === "shown") return "";
  return context.softBreaks && !open.hard ? " " : el("br");
}

/** A line's words as nodes. */
export function inline(text, context = {}) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(...plain(text.slice(from, found.index), context), styled(found, context));
    from = found.index + found[0].length;
  }
  nodes.push(...plain(text.slice(from), context));
  return nodes;
}

function styled([whole, bold, picture, source, label, target, code, colour, words], context) {
  if (bold !== undefined) return el("strong", {}, inline(bold, context));
  if (picture !== undefined) return shown(source, picture, context.platform);
  if (label !== undefined) return link(label, target, context) || whole;
  if (code !== undefined) return el("code", {}, code);
  return FONTS.has(colour) ? el(`span.font-${colour}`, {}, inline(words, context)) : el("span", {}, words);
}

/** A link that may be followed; null for any other kind of address. */
export function link(label, target, context = {}) {
  if (target.startsWith("dtmd://") && context.press) {
    return el("button.says", { type: "button", "data-label": label, onclick: () => context.press(label) }, label);
  }
  if (!/^https?:\/\//i.test(target)) return null;
  return el("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** Text with its bars drawn and the people in it highlighted. */
export function plain(text, { names = [] } = {}) {
  return text.split(BAR).filter(Boolean).flatMap((part) => (BAR.test(part) ? bar(part) : mentioned(part, names)));
}

/** The block characters of a bar look different in every font: here they lie, unseen, under a drawn one. */
function bar(blocks) {
  const node = el("span.meter", {}, blocks);
  const full = [...blocks].filter((block) => block === "▓" || block === "█").length;
  node.style.setProperty("--full", `${(100 * full) / [...blocks].length}%`);
  return node;
}

function mentioned(text, names) {
  if (!names.length || !text.includes("@")) return [text];
  const escaped = [...names].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text
    .split(new RegExp(`(@(?:${escaped.join("|")}))`))
    .filter(Boolean)
    .map((part) => (part.startsWith("@") && names.includes(part.slice(1)) ? el("span.mention", {}, part) : part));
}
