// Live pages of the family: the server says "changed", the page fetches its main part.
import { fragment } from "./fragment.js";
import { texts } from "./texts.js";

export function live() {
  const hook = document.querySelector("[data-live]");
  if (!hook || !window.EventSource) return;
  let busy = false;
  let again = false;
  const refresh = async () => {
    if (document.querySelector("[popover]:popover-open")) { setTimeout(refresh, 2000); return; }
    if (busy) { again = true; return; }
    busy = true;
    const done = await fragment().catch(() => false);
    busy = false;
    if (done) say(texts.updated);
    if (again) { again = false; refresh(); }
  };
  const source = new EventSource(hook.dataset.live);
  source.addEventListener("changed", refresh);
  let lost = false;
  source.addEventListener("error", () => { lost = true; say(navigator.onLine ? "" : texts.offline); });
  source.addEventListener("open", () => { if (lost) refresh(); lost = false; });
  window.addEventListener("pagehide", () => source.close());
}

function say(sentence) {
  let node = document.getElementById("live-status");
  if (!node) {
    node = document.createElement("p");
    node.id = "live-status";
    node.className = "visually-hidden";
    node.setAttribute("role", "status");
    document.body.append(node);
  }
  node.textContent = sentence;
}
