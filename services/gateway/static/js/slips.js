// After slips are printed nobody stays chosen: a second press would stop the slips that have just been made.
import { fragment } from "./fragment.js";

const LOOK_AGAIN_MS = [2000, 8000];

export function slips() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-slips]");
    if (!form) return;
    setTimeout(() => form.querySelectorAll(":checked").forEach((box) => { box.checked = false; }));
    for (const wait of LOOK_AGAIN_MS) setTimeout(() => fragment().catch(() => false), wait);
  });
}
