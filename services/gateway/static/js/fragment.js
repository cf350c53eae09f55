// Fetches the page again and swaps its title and main part, keeping focus, scroll and opened details.
export async function fragment() {
  const answer = await fetch(location.href, { headers: { "X-Fragment": "main" }, credentials: "same-origin" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById("main");
  if (!next) return false;
  if (page.title) document.title = page.title;
  const main = document.getElementById("main");
  const focused = mark(document.activeElement);
  const opened = [...main.querySelectorAll("details")].map((one) => one.open);
  const known = new Set([...main.querySelectorAll("[popover]")].map((one) => one.id));
  main.replaceChildren(...next.childNodes);
  main.querySelectorAll("details").forEach((one, index) => { one.open = Boolean(opened[index]); });
  welcome(main, known);
  if (focused) main.querySelector(focused)?.focus({ preventScroll: true });
  return true;
}

// A chip that was not there before arrives gently.
function welcome(main, known) {
  for (const sheet of main.querySelectorAll("[popover]")) {
    if (known.has(sheet.id)) continue;
    main.querySelector(`[popovertarget="${CSS.escape(sheet.id)}"] .mark`)?.classList.add("fresh");
  }
}

function mark(element) {
  if (!element || element === document.body) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const target = element.getAttribute("popovertarget");
  if (target) return `[popovertarget="${CSS.escape(target)}"]`;
  const address = element.getAttribute("href");
  return address ? `a[href="${CSS.escape(address)}"]` : null;
}
