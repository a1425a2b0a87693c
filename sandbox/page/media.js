// Pictures and files of the bot, as they stand in a chat.
import { el, icon } from "./dom.js";

const KINDS = { xlsx: "表格", xls: "表格", csv: "表格", pdf: "PDF", zip: "压缩包", doc: "文档", docx: "文档" };

/** Where something uploaded is; an address of its own stays one. */
function addressOf(source, platform) {
  if (/^https?:\/\//i.test(source)) return source;
  return `/sandbox/media/${platform}/${encodeURIComponent(source)}`;
}

/** A picture that opens in full when it is tapped, and says so where it cannot be shown: this page loads nothing from elsewhere. */
export function picture(source, label, platform) {
  const address = addressOf(source, platform);
  const words = label || "图片";
  const torn = () => el("span.torn", { role: "img", "aria-label": words }, icon("picture"), "图片打不开");
  if (new URL(address, location.href).origin !== location.origin) return torn();
  const image = el("img", { src: address, alt: words, decoding: "async" });
  const frame = el("a.shown", { href: address, target: "_blank", rel: "noopener noreferrer", title: "点开看大图" }, image);
  image.addEventListener("error", () => frame.replaceWith(torn()));
  return frame;
}

/** A file with its kind, name and size; a tap downloads it. */
export function file(attached, platform) {
  const ending = attached.name.includes(".") ? attached.name.split(".").pop().toLowerCase() : "";
  return el(
    "a.file",
    { href: addressOf(attached.id, platform), download: attached.name },
    el("span.sheet", { "aria-hidden": "true" }, (ending || "?").slice(0, 4).toUpperCase()),
    el("span.about", {}, el("span.name", {}, attached.name), el("span.size", {}, `${KINDS[ending] || "文件"} · ${sizeOf(attached.bytes)} · 点一下下载`)),
  );
}

/** A file that a person has sent: the bot fetches it, here it only stands. */
export function sentFile(name) {
  return el(
    "div.file",
    {},
    el("span.sheet", { "aria-hidden": "true" }, (name.includes(".") ? name.split(".").pop() : "?").slice(0, 4).toUpperCase()),
    el("span.about", {}, el("span.name", {}, name), el("span.size", {}, "发给机器人的文件")),
  );
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
