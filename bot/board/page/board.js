// What the page does better with a script: a form is sent without a reload. Without one everything works, too.

const main = document.querySelector("#main");

/** Show another state of this page: its middle, and where the focus was. */
function show(html, address) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("#main");
  if (!fresh) {
    location.assign(address);
    return;
  }
  main.replaceChildren(...fresh.childNodes);
  main.dataset.watch = fresh.dataset.watch || "";
}

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  form.classList.add("busy");
  form.setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  const html = await answer.text();
  if (!answer.ok) {
    location.assign(answer.status === 401 ? location.href : answer.url);
    return;
  }
  show(html, answer.url);
  history.replaceState(null, "", new URL(answer.url).pathname + new URL(answer.url).search);
  const reply = document.querySelector("#reply");
  if (reply) {
    reply.scrollIntoView({ block: "nearest" });
    reply.focus({ preventScroll: true });
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
  if (!form.action.endsWith("/board/do") || form.classList.contains("busy")) {
    if (form.classList.contains("busy")) event.preventDefault();
    return;
  }
  event.preventDefault();
  send(form, event.submitter).catch(() => sendPlainly(form, event.submitter));
});
