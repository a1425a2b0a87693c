// The page: who sits in front of the phones, and everything that happens while they do.
import { ActivityList } from "./activity.js";
import { Clock } from "./clock.js";
import { icon } from "./dom.js";
import { wall } from "./moments.js";
import { People } from "./people.js";
import { Phone } from "./phone.js";
import { hear } from "./wire.js";

const FIRST = "E0102";
const SEAT = "#who=";
const AGAIN = 3000;

let phones = [];
let day = null;
let stop = () => {};

const clock = new Clock({ changed: ticked });
phones = [...document.querySelectorAll(".phone")].map((node) => new Phone(node, { now: () => clock.now() }));
const people = new People(document.getElementById("cast"), { choose: (id) => { location.hash = `${SEAT}${id}`; } });
const activity = new ActivityList(document.getElementById("activity"));

const HEARD = {
  state({ me, now, cast, chats, bubbles, activity: lines }) {
    clock.told(now);
    people.show(cast);
    people.mark(me);
    activity.show(lines);
    const person = cast.find(({ id }) => id === me);
    document.title = `${person.name} · OKR 助手试用间`;
    const board = document.getElementById("board");
    board.href = `/sandbox/board?me=${encodeURIComponent(me)}`;
    board.textContent = `${person.name}的看板`;
    phones.forEach((phone) => phone.show(person, chats, bubbles));
    document.documentElement.classList.remove("silent");
    document.documentElement.classList.add("ready");
  },
  bubble(bubble) {
    phones.find(({ platform }) => platform === bubble.platform)?.put(bubble);
  },
  stir: ({ people: stirred }) => people.stir(stirred),
  line: (line) => activity.add(line),
  clock: ({ now }) => clock.told(now),
  silence({ closed }) {
    document.documentElement.classList.add("silent");
    if (closed) setTimeout(sit, AGAIN, FIRST); // nobody by that id, or the office has moved
  },
};

function ticked() {
  phones.forEach((phone) => phone.tick());
  const today = wall(clock.now()).day;
  if (day !== null && day !== today) phones.forEach((phone) => phone.redraw());
  day = today;
}

function sit(id) {
  stop();
  stop = hear(id, (name, told) => HEARD[name](told));
}

/** Whom the address names, so that a reload or a bookmark finds the same person. */
function named() {
  return location.hash.startsWith(SEAT) ? decodeURIComponent(location.hash.slice(SEAT.length)) : null;
}

function themeKey() {
  const root = document.documentElement;
  const key = document.getElementById("theme");
  const draw = () => {
    key.replaceChildren(icon(root.dataset.theme === "dark" ? "sun" : "moon"));
    key.setAttribute("aria-label", root.dataset.theme === "dark" ? "换成浅色" : "换成深色");
  };
  key.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* it lasts for this visit */ }
  });
  new MutationObserver(draw).observe(root, { attributeFilter: ["data-theme"] });
  draw();
}

themeKey();
addEventListener("hashchange", () => named() && sit(named()));
sit(named() || FIRST);
