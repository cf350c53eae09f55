// Pages that are looked at for long: the main part is fetched again every so many seconds while the page is visible.
import { fragment } from "./fragment.js";

export function refresh() {
  const hook = document.querySelector("[data-refresh]");
  if (!hook) return;
  const seconds = Number(hook.dataset.refresh);
  setInterval(() => { if (!document.hidden) fragment().catch(() => false); }, seconds * 1000);
}
