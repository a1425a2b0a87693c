// What the page does better with a script: a form is sent without a reload, and what changes elsewhere is shown here.
// Without one everything works, too.

const LONGEST_WAIT = 60_000;
const AGAIN_ON_A_WALL = 300_000;
const main = document.querySelector("#main");

/** Show another state of this page in its place; what has moved lights up for a moment. */
function show(html, address) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("#main");
  if (!fresh) {
    location.assign(address);
    return;
  }
  const before = new Map([...main.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one.textContent]));
  const folded = new Map([...main.querySelectorAll("details")].map((one) => [nameOf(one), one.open]));
  for (const one of fresh.querySelectorAll("details")) {
    if (folded.has(nameOf(one))) one.open = folded.get(nameOf(one));
  }
  for (const one of fresh.querySelectorAll("[data-key]")) {
    const old = before.get(one.dataset.key);
    if (old !== undefined && old !== one.textContent) one.classList.add("moved");
  }
  const held = main.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  main.replaceChildren(...fresh.childNodes);
  if (held) allLike(held.said)[held.at]?.focus({ preventScroll: true });
  main.dataset.watch = fresh.dataset.watch || "";
  main.dataset.version = fresh.dataset.version || "";
  ready();
}

/** What a reader by keyboard stands on, told by where it leads or what it says, to be found again in another state. */
function placeOf(element) {
  const said = saidBy(element);
  return said ? { said, at: allLike(said).indexOf(element) } : null;
}

function saidBy(element) {
  return element.getAttribute("href") || element.value || (element.matches("summary") ? element.textContent : "");
}

function allLike(said) {
  return [...main.querySelectorAll("a[href], button, summary")].filter((one) => saidBy(one) === said);
}

function nameOf(details) {
  return details.querySelector("summary a")?.getAttribute("href") || details.closest("section")?.getAttribute("aria-labelledby");
}

function ready() {
  for (const pulse of document.querySelectorAll(".pulse")) pulse.hidden = !live.open;
}

// --- what is done ---

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  form.classList.add("busy");
  form.setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  const html = await answer.text();
  if (!answer.ok) {
    location.reload(); // out, or a page of an earlier session: it says so itself, or is fresh
    return;
  }
  const address = new URL(answer.url);
  show(html, answer.url);
  history.replaceState(null, "", address.pathname + address.search);
  const reply = document.querySelector("#reply");
  if (reply) {
    reply.scrollIntoView({ block: "nearest" });
    (reply.querySelector("input[name=words]") || reply).focus({ preventScroll: true });
  }
}

/** The network failed: send it as a browser without script does, which says so in its own words. */
function sendPlainly(form, button) {
  if (button?.name) {
    const said = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(said);
  }
  form.submit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.action.endsWith("/board/do")) return;
  event.preventDefault();
  if (form.classList.contains("busy")) return;
  send(form, event.submitter).catch(() => sendPlainly(form, event.submitter));
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".choose select")) event.target.form.requestSubmit();
});

// --- what changes elsewhere ---

const live = { source: null, open: false, wait: 1000, due: false, timer: 0 };

/** Whether somebody is in the middle of something that another state would take away. */
function isBusy() {
  const typed = [...main.querySelectorAll("input:not([type=hidden])")].some((input) => input.value);
  return typed || main.querySelector(".busy") || (main.contains(document.activeElement) && document.activeElement.matches("input, select"));
}

async function refresh() {
  if (isBusy()) {
    live.due = true;
    return;
  }
  live.due = false;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (answer.status === 401) location.reload();
  if (answer.ok && !isBusy()) show(await answer.text(), location.href);
}

/** Many pages hear of a change at once: each waits a little, and not all alike; a page about everything waits longer. */
function soon() {
  if (live.timer) return;
  const wide = main.dataset.watch.split(",").includes("0");
  live.timer = setTimeout(() => {
    live.timer = 0;
    refresh().catch(() => {});
  }, wide ? 2000 + Math.random() * 4000 : 100 + Math.random() * 600);
}

function listen() {
  if (!document.body.dataset.live || !main.dataset.watch) return;
  const asked = new URLSearchParams({ watch: main.dataset.watch, last: main.dataset.version });
  const source = new EventSource(`${document.body.dataset.live}?${asked}`);
  live.source = source;
  source.addEventListener("open", () => {
    live.open = true;
    live.wait = 1000;
    ready();
  });
  source.addEventListener("changed", soon);
  source.addEventListener("error", () => {
    live.open = false;
    ready();
    if (source.readyState !== EventSource.CLOSED) return;
    // Refused, not broken: the browser does not try again by itself.
    live.wait = Math.min(live.wait * 2, LONGEST_WAIT);
    setTimeout(listen, live.wait * (0.5 + Math.random()));
  });
}

main.addEventListener("focusout", () => setTimeout(() => live.due && soon(), 200));
addEventListener("pagehide", () => live.source?.close());
addEventListener("pageshow", (event) => event.persisted && location.reload());
if (document.documentElement.classList.contains("wall")) setInterval(soon, AGAIN_ON_A_WALL);
listen();
