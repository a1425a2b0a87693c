// What the page asks of the server, and what it hears.
import { toast } from "./dom.js";

async function post(path, body) {
  const response = await fetch(`/sandbox/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(told.error || "试用间没有回应。");
  return told;
}

/** The answer, or null after the reason has been shown. */
export async function ask(path, body) {
  try {
    return await post(path, body);
  } catch (problem) {
    toast(problem instanceof TypeError ? "连不上试用间,它还在运行吗?" : problem.message);
    return null;
  }
}

const EVENTS = ["state", "bubble", "stir", "line", "clock"];

/** Hear what happens for one person; returns the function that stops it. `state` comes first, after every break. */
export function hear(me, heard) {
  const stream = new EventSource(`/sandbox/events?me=${encodeURIComponent(me)}`);
  for (const name of EVENTS) {
    stream.addEventListener(name, (event) => heard(name, JSON.parse(event.data)));
  }
  stream.addEventListener("error", () => heard("silence", { closed: stream.readyState === EventSource.CLOSED }));
  return () => stream.close();
}
